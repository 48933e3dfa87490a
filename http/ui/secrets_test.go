package ui_test

import (
	"net/http"
	"strings"
	"testing"

	"sleutelbos/http/ui/manage"
)

// TestF34_WhoReadsASecretIsInTheHistory opens a letter and a mail whose secrets open an account.
func TestF34_WhoReadsASecretIsInTheHistory(t *testing.T) {
	s := newSite(t)
	h := s.house("post", "officeheart")
	account := s.account(h.id, "brief@post.nl", "Brievenbus", "user", "mail_link_and_letter_code")
	s.send(account)
	b, root := s.signIn("admin@post.nl", goodPassword, "nl"), s.signIn("root", goodPassword, "nl")
	mail := <-s.mails
	s.outbox = []manage.Mail{{Name: "one.eml", Message: mail.MessageID, At: noon, To: mail.To, Subject: "Activatie", Text: "Open " + mail.Link}}
	history := "/accounts/" + account + "/history"
	opened := func(what string) int { s.settle(); return strings.Count(b.open(history).body, what) }

	path := "/letters/" + s.letter(b)
	b.open(path)
	root.open("/manage/outbox").hides(t, mail.Link)
	same(t, opened("opende de"), 0)
	if p := b.get(path + "/pdf"); p.status != http.StatusOK {
		t.Fatalf("the letter: %d %s", p.status, p.body)
	}
	once := opened("opende de brief en kon de code lezen")
	if once == 0 {
		t.Error("nobody learns who read the code of the letter")
	}
	b.open(history).says(t, "post&lt;/b&gt; opende de brief")
	if p := b.get("/api/v1" + path + "/pdf"); p.status != http.StatusOK {
		t.Fatalf("the letter by the API: %d %s", p.status, p.body)
	}
	if twice := opened("opende de brief en kon de code lezen"); twice <= once {
		t.Error("reading it again leaves no trace")
	}
	root.open("/manage/outbox/"+mail.MessageID).says(t, mail.Link)
	if opened("opende de mail") == 0 {
		t.Error("nobody learns who read the link in the mail")
	}
	if p := b.get("/manage/outbox/" + mail.MessageID); p.status != http.StatusForbidden {
		t.Errorf("an administrator of an organization reads the outbox: %d", p.status)
	}
	b.post(path+"/printed").leads(t, path)
	before := opened("opende de brief en kon de code lezen")
	if p := b.get(path + "/pdf"); p.status != http.StatusConflict {
		t.Errorf("a printed letter: %d", p.status)
	}
	same(t, opened("opende de brief en kon de code lezen"), before) // nobody saw anything
}
