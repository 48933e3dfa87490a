package ui_test

import (
	"net/http"
	"testing"
)

// TestMailTexts changes what a mail says on the pages (O-15): placeholders that it must have are asked
// for, a preview saves nothing, and the built-in text comes back.
func TestMailTexts(t *testing.T) {
	s := newSite(t)
	h, other := s.house("noord", "officeheart"), s.house("zuid", "officeheart")
	admin := s.signIn("admin@noord.nl", goodPassword, "nl")
	list := "/organizations/" + h.id + "/templates"
	path := list + "/portal_activation/nl"
	admin.open("/organizations/"+h.id).says(t, `href="`+list+`"`)
	admin.open(list).says(t, "Mailteksten", "Activeer uw account bij {ORGANISATIE}", "ingebouwde tekst", path).hides(t, "eigen tekst")

	form := admin.open(path).says(t, "<code>{LINK}</code>", "<strong>verplicht</strong>", "Jan de Vries", "https://voorbeeld.nl/…", "14 april 2026")
	fields := func(subject, text string) []string {
		return []string{
			"revision", form.hidden(t, "revision"), "was-subject", form.hidden(t, "was-subject"), "was-body", form.hidden(t, "was-body"),
			"subject", subject, "body", text,
		}
	}
	if p := admin.post(path, fields("Welkom", "Zonder link, tot {VERLOOPDATUM}")...); p.status != http.StatusUnprocessableEntity {
		t.Errorf("without the link: %d", p.status)
	} else {
		p.says(t, "zonder de link kan niemand doen wat de mail vraagt", ">Zonder link, tot {VERLOOPDATUM}</textarea>")
	}
	if p := admin.post(path+"/preview", fields("Welkom", "Hallo <b>{NAAM}</b> {LINK}")...); p.status != http.StatusOK {
		t.Errorf("a preview: %d", p.status)
	} else {
		p.says(t, "Hallo &lt;b&gt;Jan de Vries&lt;/b&gt; https://voorbeeld.nl/…", ">Hallo &lt;b&gt;{NAAM}&lt;/b&gt; {LINK}</textarea>")
	}
	admin.post(path+"/preview", fields("Welkom", "Hallo {NAAM},\r\n\r\nTot ziens.")...).says(t, "<p>Hallo Jan de Vries,</p>") // browsers send such ends of lines
	admin.open(path).hides(t, "Hallo &lt;b&gt;")
	admin.post(path, fields("Welkom", "Hallo {NAAM},\r\n\r\n{LINK}\r\n\r\nTot {VERLOOPDATUM}")...).leads(t, path)
	admin.open(path).says(t, "eigen tekst", "Hallo Jan de Vries,")
	admin.open(list).says(t, "eigen tekst", ">Welkom</a>")
	if p := admin.post(path, fields("Anders", "{LINK} {VERLOOPDATUM}")...); p.status != http.StatusPreconditionFailed {
		t.Errorf("a stale form: %d", p.status)
	} else {
		p.says(t, "Intussen door een ander gewijzigd", "Hallo {NAAM}")
	}
	admin.open("/audit?type=template.*").says(t, "wijzigde de mailtekst „Activeer uw account”", "Activeer uw account bij {ORGANISATIE}")
	admin.post(path+"/reset").leads(t, path)
	admin.open(path).says(t, "ingebouwde tekst").hides(t, "Terugzetten")
	admin.open(list+"?asOf=1999-01-01").says(t, "Zo waren de teksten aan het einde van 1 jan 1999")

	for _, at := range []string{list + "/nothing/nl", list + "/invitation/de", "/organizations/" + other.id + "/templates", "/organizations/" + other.id + "/templates/invitation/nl"} {
		if p := admin.get(at); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", at, p.status)
		}
	}
	user := s.signIn("user@noord.nl", goodPassword, "nl")
	for _, at := range []string{list, path} {
		if p := user.get(at); p.status != http.StatusForbidden {
			t.Errorf("a user at %s: %d", at, p.status)
		}
	}
}
