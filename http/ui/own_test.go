package ui_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestOwn walks what a holder does: see, ask, take back, choose another password.
func TestOwn(t *testing.T) {
	s := newSite(t)
	h := s.house("own", "klic")
	b := s.signIn("user@own.nl", goodPassword, "nl")
	b.open("/").says(t, "Wide own", "Shown own", "=Other own", "Ursula &lt;a href=").hides(t, "Hidden own", `<a href="//evil">`)
	if p := b.post("/me/requests", "next", "/", "reason", "geen licentie"); p.status != http.StatusBadRequest && p.status != http.StatusUnprocessableEntity {
		t.Errorf("a request of nothing: %d", p.status)
	} else {
		p.says(t, "geen licentie")
	}
	b.post("/me/requests", "next", "/", "licenseId", h.shown, "reason", "voor <i>werk</i>").leads(t, "/")
	home := b.open("/").says(t, "De licentie is aangevraagd", "voor &lt;i&gt;werk", "Intrekken")
	_, rest, _ := strings.Cut(home.body, `action="/requests/`)
	id, _, _ := strings.Cut(rest, "/")
	if p := b.post("/me/requests", "next", "/", "licenseId", h.shown, "reason", "nog eens"); p.status != http.StatusConflict {
		t.Errorf("asked twice: %d", p.status)
	} else {
		p.says(t, "Er loopt al een aanvraag", "nog eens")
	}
	b.post("/requests/"+id+"/withdraw", "next", "https://evil.example/").leads(t, "/")
	b.open("/me").says(t, "ingetrokken", "user@own.nl", "/accounts/"+h.user+"/history")

	elsewhere := s.signIn("user@own.nl", goodPassword, "nl")
	if p := b.post("/password", "currentPassword", "wrong", "password", "Ander-wachtwoord-8"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong current password: %d", p.status)
	} else {
		p.says(t, "Het huidige wachtwoord klopt niet").hides(t, "Ander-wachtwoord-8")
	}
	b.post("/password", "currentPassword", goodPassword, "password", "Ander-wachtwoord-8").leads(t, "/me")
	b.open("/me").says(t, "Uw wachtwoord is gewijzigd")
	elsewhere.get("/me").leads(t, "/login?next=%2Fme")

	elsewhere = s.signIn("user@own.nl", "Ander-wachtwoord-8", "nl")
	b.post("/me/sessions/end").leads(t, "/me")
	b.open("/me")
	elsewhere.get("/me").leads(t, "/login?next=%2Fme")
}

// TestDecisions lets an admin decide, and tells the requester the reason and not who (N-17).
func TestDecisions(t *testing.T) {
	s := newSite(t)
	h := s.house("decide", "klic")
	second := s.account(h.id, "twee@decide.nl", "Twee", "user", "admin_password")
	reject, one, two := s.request(h.user, h.shown, "graag"), s.request(second, h.shown, "ook"), s.request(second, h.other, "en")
	admin, user := s.signIn("admin@decide.nl", goodPassword, "nl"), s.signIn("user@decide.nl", goodPassword, "nl")

	admin.open("/").says(t, "Langst wachtende aanvragen", "Ursula &lt;a href=", `href="/requests/`+reject+`"`) // N-16
	admin.open("/requests").says(t, "Aanvragen", "graag", `name="reason-`+reject+`"`, "Ursula &lt;a href=")
	admin.post("/requests/"+reject+"/reject", "next", "/requests", "reason-"+reject, "te <b>duur</b>", "reason-"+one, "niet deze").leads(t, "/requests")
	admin.open("/requests?status=rejected").says(t, "te &lt;b&gt;duur", "Ad &lt;b&gt;decide").hides(t, "niet deze")
	user.open("/requests/"+reject).says(t, "te &lt;b&gt;duur", "afgewezen").hides(t, "Ad &lt;b&gt;", h.admin)
	user.open("/").says(t, "te &lt;b&gt;duur").hides(t, "Ad &lt;b&gt;", h.admin)
	if p := admin.post("/requests/" + reject + "/approve"); p.status != http.StatusConflict {
		t.Errorf("decided twice: %d", p.status)
	} else {
		p.says(t, "Over de aanvraag is al beslist")
	}

	if p := admin.post("/requests/approve", "next", "/requests?q=twee", "id", one, "id", reject, "id", two); p.status != http.StatusConflict {
		t.Errorf("one of three was decided: %d", p.status)
	} else {
		p.says(t, "Over de aanvraag is al beslist", `value="twee"`)
	}
	admin.open("/requests").says(t, "Er wacht geen aanvraag op een besluit")
	admin.open("/requests?status=approved").says(t, "Shown decide", "=Other decide")
	admin.open("/licenses/"+h.shown).says(t, "Twee")
	admin.post("/requests/approve", "next", "/requests").leads(t, "/requests")
	admin.open("/requests").says(t, "Er was niets geselecteerd")
	if p := user.post("/requests/" + one + "/approve"); p.status != http.StatusForbidden {
		t.Errorf("a user decides: %d", p.status)
	}
	user.get("/requests").leads(t, "/me#requests")
}

// TestScopeOfLists shows nobody what lies outside the own organization.
func TestScopeOfLists(t *testing.T) {
	s := newSite(t)
	ours, theirs := s.house("ours", "klic"), s.house("theirs", "klic")
	request := s.request(theirs.user, theirs.shown, "geheim")
	root, admin, user := s.signIn("root", goodPassword, "en"), s.signIn("admin@ours.nl", goodPassword, "en"), s.signIn("user@ours.nl", goodPassword, "en")
	for _, path := range []string{"/", "/licenses", "/requests?status=all", "/letters", "/letters/by-account", "/messages", "/me"} {
		admin.open(path).hides(t, "theirs", "geheim", theirs.user)
	}
	for _, b := range []*browser{admin, user} {
		for _, path := range []string{"/requests/" + request, "/licenses/" + theirs.shown, "/letters/" + request, "/licenses/nonsense"} {
			if p := b.get(path); p.status != http.StatusNotFound {
				t.Errorf("%s: %d", path, p.status)
			}
		}
	}
	for b, status := range map[*browser]int{admin: http.StatusNotFound, user: http.StatusForbidden} {
		if p := b.get("/letters/" + request + "/pdf"); p.status != status {
			t.Errorf("a letter that is not there: %d, want %d", p.status, status)
		}
	}
	for _, path := range []string{"/licenses", "/requests", "/letters", "/letters/by-account", "/messages"} {
		if p := admin.get(path + "?organizationId=" + theirs.id); p.status != http.StatusNotFound {
			t.Errorf("%s of another organization: %d", path, p.status)
		}
		if p := admin.get(path + "?unknown=1"); p.status != http.StatusBadRequest {
			t.Errorf("%s with an unknown filter: %d", path, p.status)
		}
		root.open(path+"?organizationId="+theirs.id).hides(t, "ours.nl", "Shown ours")
	}
	for _, path := range []string{"/letters", "/letters/by-account", "/messages", "/licenses/new"} {
		if p := user.get(path); p.status != http.StatusForbidden {
			t.Errorf("a user opens %s: %d", path, p.status)
		}
	}
	if p := admin.post("/requests/" + request + "/approve"); p.status != http.StatusNotFound {
		t.Errorf("an admin decides for another organization: %d", p.status)
	}
	admin.open("/licenses/"+ours.wide).says(t, "Everybody at ours", "user@ours.nl")
	user.open("/licenses/"+ours.shown).hides(t, "admin@ours.nl")
}

// TestLicenses registers a license once, however often the form is sent, and pages the list.
func TestLicenses(t *testing.T) {
	s := newSite(t)
	s.house("paper", "klic")
	b := s.signIn("admin@paper.nl", goodPassword, "nl")
	form := b.open("/licenses/new")
	_, rest, _ := strings.Cut(form.body, `name="licenseId" value="`)
	key, _, _ := strings.Cut(rest, `"`)
	if p := b.post("/licenses/new", "licenseId", key, "name", " ", "shownInSelection", "yes"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("no name: %d %s", p.status, p.body)
	} else {
		p.says(t, `name="shownInSelection" value="yes" checked`).hides(t, `name="companyWide"`) // which is the provider's word
	}
	first := b.post("/licenses/new", "licenseId", key, "name", "<i>Nieuw</i>", "shownInSelection", "yes")
	again := b.post("/licenses/new", "licenseId", key, "name", "<i>Nieuw</i>", "shownInSelection", "yes")
	if first.status != http.StatusSeeOther || first.location != again.location {
		t.Errorf("sent twice: %d %q and %d %q", first.status, first.location, again.status, again.location)
	}
	b.open(first.location).says(t, "De licentie is geregistreerd", "&lt;i&gt;Nieuw").hides(t, "<i>Nieuw")
	b.open("/licenses?q=hidden").says(t, "Hidden paper", `value="hidden"`, "format=csv", "format=spreadsheet").hides(t, "Shown paper")
	b.open("/licenses?companyWide=true").says(t, "Wide paper").hides(t, "Hidden paper")
	b.open("/licenses?q=nothing-like-it").says(t, "Geen licentie past bij deze zoekvraag", "Alle filters weghalen")
	next := b.open("/licenses?limit=2&sort=-name")
	_, rest, found := strings.Cut(next.body, `rel="next" href="`)
	if !found {
		t.Fatal("there is no next page")
	}
	link, _, _ := strings.Cut(rest, `"`)
	b.open(strings.ReplaceAll(link, "&amp;", "&")).says(t, "Hidden paper", "Eerste pagina").hides(t, "Wide paper")
	if p := b.get("/licenses?cursor=" + url.QueryEscape("made-up")); p.status != http.StatusBadRequest {
		t.Errorf("a made-up place: %d", p.status)
	}
	if p := b.get("/api/v1/licenses?format=csv"); p.status != http.StatusOK || !strings.Contains(p.body, "'=Other paper") {
		t.Errorf("the file of the list: %d %s", p.status, p.body)
	}
}

// TestLetters prints and posts a letter; printed, its code is gone.
func TestLetters(t *testing.T) {
	s := newSite(t)
	h := s.house("post", "officeheart")
	s.send(s.account(h.id, "brief@post.nl", "Brievenbus", "user", "mail_link_and_letter_code"))
	b := s.signIn("admin@post.nl", goodPassword, "nl")
	if code := s.code(b); len(code) < 8 {
		t.Fatalf("the letter has the code %q", code)
	}
	list := b.open("/letters").says(t, "Brievenbus", "activatiecode", "kan de code nergens meer worden getoond")
	_, rest, _ := strings.Cut(list.body, `data-href="/letters/`)
	id, _, _ := strings.Cut(rest, `"`)
	if p := b.post("/letters/sent", "next", "/letters", "id", id); p.status != http.StatusConflict {
		t.Errorf("posted before it was printed: %d", p.status)
	} else {
		p.says(t, "De brief is nog niet afgedrukt")
	}
	b.open("/letters/"+id).says(t, "kan de code nergens meer worden getoond")
	b.post("/letters/"+id+"/printed").leads(t, "/letters/"+id)
	b.open("/letters/"+id).says(t, "zijn code is weg", "Als verstuurd markeren")
	if p := b.get("/letters/" + id + "/pdf"); p.status != http.StatusConflict {
		t.Errorf("printed twice: %d", p.status)
	} else {
		p.says(t, "De brief is afgedrukt")
	}
	if p := b.get("/api/v1/letters/" + id + "/pdf"); p.status != http.StatusConflict || !strings.Contains(p.body, "letter-printed") {
		t.Errorf("printed twice by a program: %d %s", p.status, p.body)
	}
	b.post("/letters/sent", "next", "/letters?sent=true", "id", id).leads(t, "/letters?sent=true")
	b.open("/letters?printed=true&sent=true&invalid=false").says(t, "Brievenbus").hides(t, "Letter is gone")
}

// TestPagesInBothLanguages opens every page of the subject in both, signed in as each role.
func TestPagesInBothLanguages(t *testing.T) {
	s := newSite(t)
	h := s.house("tongues", "klic")
	request := s.request(h.user, h.shown, "reden")
	pages := map[string][]string{
		"root":             {"/", "/me", "/password", "/licenses", "/licenses/new", "/licenses/" + h.wide, "/requests", "/requests?status=all", "/requests/" + request, "/letters", "/letters/by-account", "/messages?status=sent"},
		"admin@tongues.nl": {"/", "/me", "/licenses/" + h.shown, "/requests?licenseId=" + h.shown + "&accountId=" + h.user, "/letters?kind=activation_code", "/messages?template=invitation"},
		"user@tongues.nl":  {"/", "/me", "/password", "/licenses", "/licenses/" + h.shown, "/requests/" + request},
	}
	for who, paths := range pages {
		for language, html := range map[string]string{"nl": `<html lang="nl"`, "en": `<html lang="en"`} {
			b := s.signIn(who, goodPassword, language)
			for _, path := range paths {
				b.open(path).says(t, html).hides(t, "%!", "ZgotmplZ", "<no value>", "style=", "onclick=")
			}
		}
	}
}
