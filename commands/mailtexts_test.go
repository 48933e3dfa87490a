package commands_test

import (
	"testing"
	"time"

	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/mail"
	"sleutelbos/commands/mailtemplates"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// TestAMailSaysWhatWasInForceWhenItWasQueued: a text that is changed while a mail waits for its second
// attempt is for the next mail (O-15).
func TestAMailSaysWhatWasInForceWhenItWasQueued(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "officeheart")
	admin := h.account(2, org, "admin")
	in := create(3, org)
	in.Channel = "mail_link_and_letter_code"
	ok(h, admin, in)
	first := mailtemplates.ChangeTemplate{
		OrganizationID: org, Template: message.TemplatePortalActivation, Language: "nl", Subject: " Welkom {NAAM} ", Body: "{LINK}\r\n\r\nTot {VERLOOPDATUM}\n",
	}
	at := h.react(eventstore.Position{})
	subject := func(want string) {
		t.Helper()
		mails := h.post.take()
		same(t, len(mails), 1)
		said, err := mail.Render(mails[0])
		must(t, err)
		same(t, said.Subject, want)
	}
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	at = h.react(at)
	subject("Activeer uw account bij Organization 1")

	ok(h, admin, first)
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	h.post.fail = &reactors.SendError{Code: "connect"}
	at = h.react(at)
	h.post.fail = nil
	later := first
	later.Subject = "Later"
	ok(h, admin, later)
	h.advance(2 * time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	subject("Welkom Person")

	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	at = h.react(at)
	subject("Later")
	ok(h, admin, mailtemplates.ResetTemplate{OrganizationID: org, Template: message.TemplatePortalActivation, Language: "nl"})
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	h.react(at)
	subject("Activeer uw account bij Organization 1")
}

// TestWhoChangesMailTexts is an administrator of the organization, or the provider.
func TestWhoChangesMailTexts(t *testing.T) {
	h := newHouse(t)
	org, other := h.organization(1, "officeheart"), h.organization(2, "klic")
	change := mailtemplates.ChangeTemplate{OrganizationID: org, Template: message.TemplateInvitation, Language: "en", Subject: "Come in", Body: "{LINK} {VERLOOPDATUM}"}
	for who, want := range map[string]struct {
		rights.Principal
		code string
	}{
		"an administrator": {h.account(3, org, "admin"), ""}, "of another organization": {h.account(4, other, "admin"), organization.ErrNotFound.Code},
		"a user": {h.account(5, org, "user"), engine.ErrDenied.Code}, "compliance": {h.account(6, org, "compliance"), engine.ErrDenied.Code}, "the provider": {h.platform(), ""},
	} {
		t.Run(who, func(t *testing.T) {
			_, err := do(h, want.Principal, change)
			if want.code == "" {
				must(t, err)
			} else {
				same(t, codeOf(err), want.code)
			}
		})
	}
	change.Body = "{LINK}"
	refused(h, h.platform(), change, "last-day-missing")
}
