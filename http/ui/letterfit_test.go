package ui_test

import (
	"net/http"
	"testing"

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
	rename("王小明")
	b.open(path).says(t, "De brief kan niet worden afgedrukt").hides(t, path+"/pdf", path+"/printed")
}
