package ui_test

import (
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
)

// TestF34_AStoppedAccountIsNotInvitedUnawares sends activations to people who could not use them.
func TestF34_AStoppedAccountIsNotInvitedUnawares(t *testing.T) {
	s := newSite(t)
	h := s.house("gone", "officeheart")
	fresh := s.account(h.id, "fresh@gone.nl", "Fris", "user", "mail_link")
	blocked := s.account(h.id, "blocked@gone.nl", "Vast", "user", "mail_link")
	over := s.account(h.id, "over@gone.nl", "Voorbij", "user", "mail_link")
	do[engine.None](s, accounts.BlockAccount{AccountID: blocked, Reason: "uit dienst"})
	do[engine.None](s, accounts.SetValidUntil{AccountID: over, ValidUntil: "2026-03-20"})
	s.advance(10 * 24 * time.Hour)
	b := s.signIn("admin@gone.nl", goodPassword, "nl")

	b.open("/accounts/"+fresh+"/send").says(t, "Er gaat meteen een mail").hides(t, "kan de link pas gebruiken")
	b.open("/accounts/"+blocked+"/send").says(t, "Het account is geblokkeerd.", "pas gebruiken als de blokkade is opgeheven")
	b.open("/accounts/"+over+"/send").says(t, "De einddatum van het account is voorbij.")
	ids := "&id=" + fresh + "&id=" + blocked + "&id=" + over
	form := b.open("/accounts/selected?action=send"+ids).says(t, "1 van 3 kan", "1 activatie versturen", "Wordt overgeslagen.")
	b.goOn(form.hidden(t, "form")).says(t, "1 van 3 gelukt", "Wordt overgeslagen.")
	s.settle()
	b.open("/accounts/"+blocked).says(t, "<dd>niet verstuurd</dd>")
}

// TestF34_AnotherActivationVoidsTheLetter says so before it is sent, of one and of several (AMB-O3).
func TestF34_AnotherActivationVoidsTheLetter(t *testing.T) {
	s := newSite(t)
	h := s.house("again", "officeheart")
	lettered := s.account(h.id, "brief@again.nl", "Brief", "user", "mail_link_and_letter_code")
	mailed := s.account(h.id, "mail@again.nl", "Mail", "user", "mail_link")
	b := s.signIn("admin@again.nl", goodPassword, "nl")
	const void = "De vorige link en de vorige brief vervallen"
	b.open("/accounts/"+lettered+"/send").says(t, "een nieuwe brief met een code").hides(t, void)
	s.send(lettered)
	s.send(mailed)
	b.open("/accounts/"+lettered+"/send").says(t, void)
	b.open("/accounts/"+mailed+"/send").says(t, "De vorige link werkt niet meer.").hides(t, void)
	b.open("/accounts/selected?action=send&id="+lettered+"&id="+mailed).says(t, void, "De vorige link werkt niet meer.", "2 van 2 kan")
}
