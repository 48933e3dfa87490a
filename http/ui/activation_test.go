package ui_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/internal/app"
)

// code reads the code of an account's letter off the paper.
func (s *site) code(b *browser) string {
	s.t.Helper()
	return strings.TrimPrefix(b.open("/letters/"+s.letter(b)+"/pdf").body, "%PDF ")
}

// letter returns the id of a letter that waits to be printed.
func (s *site) letter(b *browser) string {
	s.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) { // polls: a reactor writes letters
		list := b.open("/letters?printed=false&sent=false&invalid=false").body
		if _, rest, found := strings.Cut(list, `data-href="/letters/`); found {
			id, _, _ := strings.Cut(rest, `"`)
			return id
		}
	}
	s.t.Fatal("there is no letter")
	return ""
}

func (s *site) send(account string) {
	s.t.Helper()
	do[activation.ActivationSent](s, activation.SendActivation{AccountID: account})
}

// TestActivation goes the way of a holder with a mail and a letter, without scripts (R-32, O-18, O-20).
func TestActivation(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "officeheart")
	root := s.signIn("root", goodPassword, "nl")
	account := s.account(h.id, "new@holland.nl", "Nieuw", "user", "mail_link_and_letter_code")
	s.send(account)
	link, code := s.link(), s.code(root)
	b := s.browser("nl")

	page := b.open(link).says(t, "Account activeren", "Code uit de brief", "U kunt de code nog 5 keer proberen", `data-rule="length"`, `autocomplete="new-password"`)
	if got := page.header.Get("Referrer-Policy"); got != "no-referrer" {
		t.Errorf("the page tells its address: %s", got)
	}
	if p := b.post(link, "code", code, "password", "short"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a bad password: %d", p.status)
	} else {
		p.says(t, "Ten minste", `value="`+code+`"`, "nog 5 keer").hides(t, `value="short"`)
	}
	if p := b.post(link, "code", "WRONG-CODE", "password", goodPassword); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", p.status)
	} else {
		p.says(t, "De code uit de brief klopt niet", "nog 4 keer")
	}
	b.post(link, "code", code, "password", goodPassword).leads(t, "/login")
	b.open("/login").says(t, "Uw account is geactiveerd")
	b.post("/login", "username", "new@holland.nl", "password", goodPassword).leads(t, "/")
	if p := b.get(link); p.status != http.StatusGone {
		t.Errorf("a used link: %d", p.status)
	} else {
		p.says(t, "Dit account is al geactiveerd").hides(t, `name="password"`)
	}
	token := strings.TrimPrefix(link, activation.Path)
	if strings.Contains(s.Logged.String(), token) {
		t.Error("the token is in the log")
	}
}

// TestDeadLinks says on opening what became of a link, and asks for another with one answer.
func TestDeadLinks(t *testing.T) {
	s := newSite(t)
	h := s.house("links", "klic")
	account := s.account(h.id, "late@links.nl", "Laat", "user", "mail_link")
	s.send(account)
	first := s.link()
	s.send(account)
	second := s.link()
	b := s.browser("en")
	dead := func(link, said string) {
		t.Helper()
		if p := b.get(link); p.status == http.StatusOK {
			t.Errorf("%s opens as if it had force", link)
		} else {
			p.says(t, said).hides(t, `name="password"`)
		}
	}
	dead(first, "This link was replaced")
	b.post(first+"/again").leads(t, "/activation-requested")
	dead("/activate/never-was", "We don&#39;t know this link")
	b.open(second)
	do[engine.None](s, accounts.BlockAccount{AccountID: account, Reason: "trial"})
	dead(second, "This account can&#39;t be activated now")
	b.post("/activate/never-was/again").leads(t, "/activation-requested")
	do[engine.None](s, accounts.UnblockAccount{AccountID: account})
	s.advance(400 * 24 * time.Hour)
	dead(second, "This link has expired")
	if p := b.post(second, "password", goodPassword); p.status != http.StatusGone {
		t.Errorf("an expired link takes a password: %d", p.status)
	}
	b.post(second+"/again").leads(t, "/activation-requested")
	b.open("/activation-requested").says(t, "Request received")
	b.open(s.link()).says(t, "Activate your account")
}

// TestSetup makes the first administrator of an empty store, once.
func TestSetup(t *testing.T) {
	s := startSite(t, app.Serving{})
	_, token, _ := strings.Cut(s.SetupLink, "/setup/")
	b := s.browser("nl")
	b.open("/setup/"+token).says(t, "Eerste beheerder", `data-rule="length"`)
	if p := b.post("/setup/"+token, "username", "ann@example.nl", "givenName", "Ann", "surname", "Aarden", "password", "short"); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a bad password: %d", p.status)
	} else {
		p.says(t, `value="ann@example.nl"`, `value="Ann"`, `value="Aarden"`)
	}
	if p := b.post("/setup/"+token, "password", goodPassword); p.status != http.StatusUnprocessableEntity {
		t.Errorf("no name: %d %s", p.status, p.body)
	}
	b.post("/setup/"+token, "username", "ann@example.nl", "givenName", "Ann", "surname", "Aarden", "password", goodPassword).leads(t, "/")
	b.open("/").says(t, "De eerste beheerder is gemaakt", "Ann Aarden")
	if p := s.browser("nl").get("/setup/" + token); p.status != http.StatusForbidden {
		t.Errorf("the link works twice: %d", p.status)
	}
	if strings.Contains(s.Logged.String(), token) {
		t.Error("the token is in the log")
	}
}
