package ui_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestLettersByAccount leads from the list of letters to the accounts that got them, and back to
// the letters of one.
func TestLettersByAccount(t *testing.T) {
	s := newSite(t)
	h := s.house("tel", "officeheart")
	b := s.signIn("admin@tel.nl", goodPassword, "nl")
	b.open("/letters/by-account").says(t, "Brieven per account", "Er is nog geen account dat een brief kreeg")
	holder := s.account(h.id, "post@tel.nl", "Post <b>", "user", "mail_link_and_letter_code")
	s.send(holder)
	s.letter(b)
	s.settle()

	b.open("/letters").says(t, `<a href="/letters/by-account">Brieven per account</a>`)
	list := b.open("/letters/by-account?sort=-waiting").says(t, "Post &lt;b&gt;", "post@tel.nl", `href="/letters?accountId=`+holder, `<a href="/letters">Brieven</a>`,
		`href="/api/v1/letters-by-account?format=csv`, "Laatste brief", "Af te drukken")
	if strings.Contains(list.body, "Organisatie</") {
		t.Error("who sees one organization gets a column for it")
	}
	b.open("/letters/by-account?waiting=true&q=post").says(t, "post@tel.nl")
	b.open("/letters/by-account?waiting=false").says(t, "Geen account met een brief past bij deze zoekvraag").hides(t, "post@tel.nl")
	b.open("/letters?accountId="+holder).says(t, "activatiecode", "Account: Post &lt;b&gt;")
	s.signIn("root", goodPassword, "en").open("/letters/by-account").says(t, "Letters by account", "Organization", "Last letter", "Nothing to print", "tel")

	for _, query := range []string{"waiting=misschien", "kind=activation_code", "sort=username"} {
		if p := b.get("/letters/by-account?" + query); p.status != http.StatusBadRequest {
			t.Errorf("%s: %d", query, p.status)
		}
	}
}
