package ui_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
)

// TestF26_ALetterSaysBeforePrintingWhatItLeavesOut looks at the letter of a holder whose name changes to
// one with an emoji, and to one that no font of the letters has.
func TestF26_ALetterSaysBeforePrintingWhatItLeavesOut(t *testing.T) {
	s := newSite(t)
	h := s.house("post", "officeheart")
	account := s.account(h.id, "brief@post.nl", "Brievenbus", "user", "mail_link_and_letter_code")
	s.send(account)
	b := s.signIn("admin@post.nl", goodPassword, "nl")
	path := "/letters/" + s.letter(b)
	b.open(path).says(t, "Brief openen").hides(t, "staan niet in de brief", "kan niet worden afgedrukt")

	rename := func(name string) { do[engine.None](s, accounts.ChangeDetails{AccountID: account, Name: &name}) }
	rename("Jan 😀")
	b.open(path).says(t, "Emoji en onzichtbare tekens staan niet in de brief", "„Jan”")
	if p := b.get(path + "/pdf"); p.status != http.StatusOK {
		t.Errorf("the letter: %d %s", p.status, p.body)
	}
	b.open(path).says(t, "De gebruiker heeft geen postadres", "De organisatie heeft geen afzender")
	rename("王小明")
	b.open(path).says(t, "De brief kan niet worden afgedrukt").hides(t, path+"/pdf", path+"/printed")
}

// TestF26_TheOperatorKnowsBeforePrintingWhatCanNotBePosted prints letters of which some lack an address, and one has a name
// that no font of the letters has: it keeps none of the others from being printed.
func TestF26_TheOperatorKnowsBeforePrintingWhatCanNotBePosted(t *testing.T) {
	s := newSite(t)
	h := s.house("post", "officeheart")
	text := func(s string) *string { return &s }
	b := s.signIn("admin@post.nl", goodPassword, "nl")
	for i, name := range []string{"Met Adres", "Zonder Adres", "Jan 😀", "Nguyễn", "محمد", "王小明"} {
		account := s.account(h.id, fmt.Sprintf("brief%d@post.nl", i), name, "user", "mail_link_and_letter_code")
		if i != 1 {
			do[engine.None](s, accounts.ChangeDetails{AccountID: account, Details: accounts.Details[*string]{
				Street: text("Dorpsstraat 1"), Postcode: text("8161ab"), City: text("Epe"), PostalCountry: text("NL"),
			}})
		}
		s.send(account)
	}
	for deadline := time.Now().Add(10 * time.Second); len(tickable.FindAllString(b.get("/letters").body, -1)) < 6; {
		if time.Now().After(deadline) {
			t.Fatal("a reactor writes letters, but did not write them all")
		}
	}
	b.get("/letters").says(t, "geen postadres", "geen afzender", "kan niet worden afgedrukt")
	revision := revisionOf.FindStringSubmatch(b.open("/organizations/" + h.id + "/sender").body)[1]
	b.post("/organizations/"+h.id+"/sender", "revision", revision, "name", "Post & Co", "street", "Postbus 12", "postcode", "3500aa", "city", "Utrecht", "postalCountry", "NL").
		leads(t, "/organizations/"+h.id)
	b.get("/organizations/"+h.id).says(t, "Post &amp; Co", "3500 AA Utrecht", "Nederland")
	ticked := url.Values{"id": tickable.FindAllString(b.get("/letters").body, -1)}
	for i, id := range ticked["id"] {
		ticked["id"][i] = ids.FindString(id)
	}
	b.get("/letters").says(t, "geen postadres").hides(t, "geen afzender")
	dialog := b.get("/letters/print?" + ticked.Encode())
	dialog.says(t, "Zonder postadres: 1 van de 6", "Kan niet worden afgedrukt: 2 van de 6", "kan per post", "Open 4 als PDF").hides(t, "Zonder afzender:")
	if p := b.send(http.MethodPost, "/letters/print", ticked); p.status != http.StatusOK || len(strings.Fields(p.body)) != 1+4 {
		t.Errorf("the letters: %d %s", p.status, p.body)
	}
}

var revisionOf = regexp.MustCompile(`name="revision" value="([0-9]+)"`)

var tickable = regexp.MustCompile(`name="id" value="[0-9a-f-]{36}"`)
