package ui_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/reactors"
)

// mail returns the next mail that goes out.
func (s *site) mail() reactors.Mail {
	s.t.Helper()
	select {
	case m := <-s.mails:
		return m
	case <-time.After(time.Minute):
		s.t.Fatal("no mail")
		return reactors.Mail{}
	}
}

// TestValue04_Value06_SeveralActivations go to the usernames, in one go, and the list has a column for when
// they were sent and one for when the accounts were activated (O-13, O-14, O-17, O-21).
func TestValue04_Value06_SeveralActivations(t *testing.T) {
	s := newSite(t)
	h := s.house("samen", "klic")
	first := s.account(h.id, "eerste@samen.nl", "Eerste", "user", "mail_link")
	second := s.account(h.id, "tweede@samen.nl", "Tweede", "user", "mail_link")
	b := s.signIn("admin@samen.nl", goodPassword, "nl")
	form := b.open("/accounts/selected?action=send&id="+first+"&id="+second).says(t, "2 activaties versturen")
	b.goOn(form.hidden(t, "form")).says(t, "2 van 2 gelukt")
	mails := []reactors.Mail{s.mail(), s.mail()}
	to := []string{mails[0].To, mails[1].To}
	if slices.Sort(to); !slices.Equal(to, []string{"eerste@samen.nl", "tweede@samen.nl"}) {
		t.Errorf("the mails went to %s", to)
	}
	b.open("/accounts?q=eerste").says(t, "Activatie verstuurd", "Geactiveerd", "14 mrt 2026")
	_, token, _ := strings.Cut(mails[0].Link, "/activate/")
	b.post("/activate/"+token, "password", goodPassword, "repeat", goodPassword)
	s.settle()
	b.open("/accounts?activation=completed").says(t, strings.TrimSuffix(mails[0].To, "@samen.nl")).hides(t, strings.TrimSuffix(mails[1].To, "@samen.nl"))
}

// TestValue11_AnActivationIsValidForAMonth: sent again it is for another one, and both days are on the page (N-5, N-6).
func TestValue11_AnActivationIsValidForAMonth(t *testing.T) {
	s := newSite(t)
	h := s.house("maand", "klic")
	account := s.account(h.id, "nieuw@maand.nl", "Nieuw", "user", "mail_link")
	s.send(account)
	s.link()
	b := s.signIn("admin@maand.nl", goodPassword, "nl")
	b.open("/accounts/"+account).says(t, "<dt>Activatie verstuurd</dt>", "14 mrt 2026", "<dt>Registreren t/m</dt><dd>14 apr 2026</dd>")
	s.advance(20 * 24 * time.Hour)
	s.send(account)
	link := s.link()
	b = s.signIn("admin@maand.nl", goodPassword, "nl")
	b.open("/accounts/"+account).says(t, "<dt>Activatie verstuurd</dt>", "3 apr 2026", "<dt>Registreren t/m</dt><dd>3 mei 2026</dd>")
	s.advance(30 * 24 * time.Hour)
	s.browser("nl").open(link).says(t, "Account activeren")
	s.advance(24 * time.Hour)
	if p := s.browser("nl").get(link); p.status != http.StatusGone {
		t.Errorf("after the last day: %d", p.status)
	}
}

// TestValue14_Value15_WhatBecomesOfARequest: who asked learns why it was rejected, and not by whom; what is approved
// holds at once; a mail goes out either way (N-18, N-19).
func TestValue14_Value15_WhatBecomesOfARequest(t *testing.T) {
	s := newSite(t)
	h := s.house("vraag", "klic")
	approved, rejected := s.request(h.user, h.shown, "voor het werk"), s.request(h.user, h.other, "ook graag")
	for range 2 {
		s.mail() // to the administrator, who is to decide
	}
	admin, user := s.signIn("admin@vraag.nl", goodPassword, "nl"), s.signIn("user@vraag.nl", goodPassword, "nl")
	admin.post("/requests/"+rejected+"/reject", "next", "/requests", "reason-"+rejected, "er is er al een")
	told := s.mail()
	if told.To != "user@vraag.nl" || told.Reason != "er is er al een" || told.Template != "license_rejected" {
		t.Errorf("the mail about what was rejected: %+v", told)
	}
	user.open("/requests/"+rejected).says(t, "er is er al een", "afgewezen").hides(t, "Ad &lt;b&gt;", h.admin)
	admin.post("/requests/"+approved+"/approve", "next", "/requests")
	if told = s.mail(); told.To != "user@vraag.nl" || told.Template != "license_approved" {
		t.Errorf("the mail about what was approved: %+v", told)
	}
	user.open("/").says(t, "Shown vraag")
}

// TestValue05_TheLetterOfAnActivation has its fixed subject, in the list of letters, and on paper (O-16).
func TestValue05_TheLetterOfAnActivation(t *testing.T) {
	const subject = "Activatiegegevens van ons klantenportaal"
	s := newSite(t)
	h := s.house("brief", "officeheart")
	s.send(s.account(h.id, "mail@brief.nl", "Zonder", "user", "mail_link"))
	b := s.signIn("admin@brief.nl", goodPassword, "nl")
	b.open("/letters").hides(t, subject)
	s.send(s.account(h.id, "post@brief.nl", "Met", "user", "mail_link_and_letter_code"))
	letter := s.letter(b)
	list := b.open("/letters").says(t, subject, "Met").hides(t, "Zonder")
	same(t, strings.Count(list.body, `data-href="/letters/`), 1)
	s.signIn("admin@brief.nl", goodPassword, "en").open("/letters").says(t, subject) // the paper is in Dutch, so its name is
	b.open("/letters/"+letter).says(t, subject)
}

// TestValue35_ARandomPassword is made for a new account and for one that is there, shown once with a
// button that copies it, and opens the account.
func TestValue35_ARandomPassword(t *testing.T) {
	s := newSite(t)
	h := s.house("toeval", "regicare")
	b := s.signIn("admin@toeval.nl", goodPassword, "nl")
	form := b.open("/accounts/new").says(t, `name="generatePassword"`)
	id := form.hidden(t, "accountId")
	made := b.post("/accounts/new", "accountId", id, "form", id, "organizationId", h.id, "name", "Nieuw", "username", "nieuw@toeval.nl", "role", "user", "channel", "admin_password", "generatePassword", "yes")
	security := "/accounts/" + id + "/security"
	b.open(security).says(t, `name="generatePassword"`)
	again := b.post("/accounts/"+id+"/password", "form", uuid.NewString(), "generatePassword", "yes")
	var passwords []string
	for _, p := range []page{made, again} {
		p.says(t, "Dit wachtwoord ziet u alleen nu", `<button type="button" data-copy="secret"`)
		passwords = append(passwords, p.link2(t, `id="secret" readonly value="`))
	}
	b.open("/accounts/"+id).hides(t, passwords...)
	b.open(security).hides(t, passwords...)
	if p := s.browser("nl").post("/login", "username", "nieuw@toeval.nl", "password", passwords[0]); p.status == http.StatusSeeOther || passwords[0] == passwords[1] {
		t.Errorf("the first password still opens the account: %d", p.status)
	}
	s.signIn("nieuw@toeval.nl", passwords[1], "nl")
}
