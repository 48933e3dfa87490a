package commands_test

import (
	"errors"
	"testing"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

func TestLastAdmin(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	admin := h.account(2, org, "admin")
	for _, refusal := range []error{
		onlyRefusal(do(h, admin, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(2), Reason: "x"})),
		onlyRefusal(do(h, admin, "DisableAccount", h.DisableAccount, commands.DisableAccount{AccountID: id(2), Reason: "x"})),
		onlyRefusal(do(h, admin, "CloseAccount", h.CloseAccount, commands.CloseAccount{AccountID: id(2), Reason: "x"})),
		onlyRefusal(do(h, admin, "SetValidUntil", h.SetValidUntil, commands.SetValidUntil{AccountID: id(2), ValidUntil: "2027-01-01"})),
		onlyRefusal(do(h, admin, "DismissAdmin", h.DismissAdmin, commands.DismissAdmin{OrganizationID: org, AccountID: id(2)})),
	} {
		same(t, codeOf(refusal), "last-admin")
	}
	t.Run("one who never activated does not count", func(t *testing.T) {
		in := create(3, org)
		in.Role = "admin"
		ok(h, admin, "CreateAccount", h.CreateAccount, in)
		refused(h, admin, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(2), Reason: "x"}, "last-admin")
	})
	t.Run("with another one it may go, and come back", func(t *testing.T) {
		second := h.account(4, org, "admin")
		ok(h, second, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(2), Reason: "x"})
		refused(h, second, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(4), Reason: "x"}, "last-admin")
		ok(h, second, "UnblockAccount", h.UnblockAccount, commands.UnblockAccount{AccountID: id(2)})
		ok(h, second, "SetValidUntil", h.SetValidUntil, commands.SetValidUntil{AccountID: id(2), ValidUntil: "2027-01-01"})
		refused(h, second, "DismissAdmin", h.DismissAdmin, commands.DismissAdmin{OrganizationID: org, AccountID: id(4)}, "last-admin")
		ok(h, second, "ClearValidUntil", h.ClearValidUntil, commands.ClearValidUntil{AccountID: id(2)})
		ok(h, second, "DismissAdmin", h.DismissAdmin, commands.DismissAdmin{OrganizationID: org, AccountID: id(4)})
		same(t, h.who(4).Role, rights.RoleUser)
	})
}

func onlyRefusal[T any](_ T, _ engine.Outcome, err error) error { return err }

func TestTwoAdminsBlockEachOther(t *testing.T) {
	h := newHouse(t)
	other := h.service()
	defer func() { must(t, other.Close()) }()
	org := h.organization(1, "klic")
	platform := h.platform()
	one, two := h.account(2, org, "admin"), h.account(3, org, "admin")
	block := func(s *commands.Service, who rights.Principal, target int) error {
		elsewhere := &house{t: t, Service: s}
		return onlyRefusal(do(elsewhere, who, "BlockAccount", s.BlockAccount, commands.BlockAccount{AccountID: id(target), Reason: "race"}))
	}
	for round := range 100 {
		answers := make([]error, 2)
		together(2, func(i int) {
			if i == 0 {
				answers[0] = block(h.Service, one, 3)
			} else {
				answers[1] = block(other, two, 2)
			}
		})
		blocked := 0
		for i, err := range answers {
			switch codeOf(err) {
			case "<nil>":
				blocked++
				ok(h, platform, "UnblockAccount", h.UnblockAccount, commands.UnblockAccount{AccountID: id(3 - i)})
			case "last-admin":
			default:
				t.Fatalf("round %d: %v", round, err)
			}
		}
		if blocked != 1 {
			t.Fatalf("round %d: %d of the two were blocked", round, blocked)
		}
	}
}

// TestBlockAndUnblockAtOnce ends with an organization that agrees with the account, whoever
// came last.
func TestBlockAndUnblockAtOnce(t *testing.T) {
	h := newHouse(t)
	other := h.service()
	defer func() { must(t, other.Close()) }()
	org := h.organization(1, "klic")
	h.account(2, org, "admin")
	who := h.account(3, org, "admin")
	for round := range 20 {
		together(6, func(i int) {
			s := []*commands.Service{h.Service, other}[i%2]
			elsewhere := &house{t: t, Service: s}
			var err error
			if i < 3 {
				_, _, err = do(elsewhere, who, "BlockAccount", s.BlockAccount, commands.BlockAccount{AccountID: id(2), Reason: "race"})
			} else {
				_, _, err = do(elsewhere, who, "UnblockAccount", s.UnblockAccount, commands.UnblockAccount{AccountID: id(2)})
			}
			if err != nil {
				t.Error(err)
			}
		})
		var a account.State
		events, _ := h.opened("account-" + id(2))
		for _, e := range events {
			a = account.Decider.Evolve(a, e.(account.Event))
		}
		var o organization.State
		events, _ = h.opened("organization-" + org)
		for _, e := range events {
			o = organization.Decider.Evolve(o, e.(organization.Event))
		}
		if a.InService() != o.InService(id(2)) {
			t.Fatalf("round %d: the account is in service: %v, the organization says %v", round, a.InService(), o.InService(id(2)))
		}
	}
}

func TestDryRunOverTwoStreams(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.account(2, org, "admin")
	who := h.account(3, org, "admin")
	block := commands.BlockAccount{AccountID: id(2), Reason: "x"}
	_, would, err := do(h, who, "BlockAccount", h.BlockAccount, block, dry)
	must(t, err)
	same(t, h.count("account.blocked."), 0)
	_, real, err := do(h, who, "BlockAccount", h.BlockAccount, block)
	must(t, err)
	same(t, typesOf(would), typesOf(real))
	same(t, would.Streams, real.Streams)
	same(t, real.Streams[0].Stream, "account-"+id(2))
}

func TestCrashAfterStandDown(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.account(2, org, "admin")
	second := h.account(3, org, "admin")
	h.store.breaks(func(stream string, _ []eventstore.Event) error {
		if stream == "account-"+id(2) || stream == "organization-"+org && h.count("organization.admin_stood_down.") > 0 {
			return errors.New("the process is gone")
		}
		return nil
	})
	if err := onlyRefusal(do(h, second, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(2), Reason: "x"})); err == nil {
		t.Fatal("it was blocked")
	}
	h.restart()
	refused(h, second, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(3), Reason: "x"}, "last-admin")
	h.advance(time.Minute)
	must(t, h.Sweep(t.Context(), h.now()))
	ok(h, second, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(3), Reason: "x"})
}

func TestCrashBeforeAppointment(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.store.breaks(func(stream string, _ []eventstore.Event) error {
		if stream == "organization-"+org {
			return errors.New("the process is gone")
		}
		return nil
	})
	in := create(2, org)
	in.Role, in.Channel, in.Password, in.KeepPassword = "admin", "admin_password", goodPassword, true
	if err := onlyRefusal(do(h, h.platform(), "CreateAccount", h.CreateAccount, in)); err == nil {
		t.Fatal("it was appointed")
	}
	h.restart()
	same(t, h.who(2).Role, rights.RoleUser)
	h.advance(time.Minute)
	must(t, h.Sweep(t.Context(), h.now()))
	same(t, h.who(2).Role, rights.RoleAdmin)

	t.Run("who was dismissed since is not appointed again", func(t *testing.T) {
		h.account(3, org, "admin")
		ok(h, h.who(3), "DismissAdmin", h.DismissAdmin, commands.DismissAdmin{OrganizationID: org, AccountID: id(2)})
		h.restart()
		h.advance(time.Minute)
		must(t, h.Sweep(t.Context(), h.now()))
		same(t, h.who(2).Role, rights.RoleUser)
	})
}

func TestSessionsEndWithTheAccount(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	signed := ok(h, rights.Stranger, "SignIn", h.SignIn, commands.SignIn{Username: username(3), Password: goodPassword})
	same(t, h.events("session-"+signed.SessionID), []string{"session.started.v1"})
	refused(h, admin, "SignOut", h.SignOut, commands.SignOut{SessionID: signed.SessionID}, "session-not-found")
	ok(h, admin, "BlockAccount", h.BlockAccount, commands.BlockAccount{AccountID: id(3), Reason: "x"})
	must(t, h.Sweep(t.Context(), h.now()))
	same(t, h.events("session-"+signed.SessionID), []string{"session.started.v1", "session.ended.v1"})
	ok(h, admin, "UnblockAccount", h.UnblockAccount, commands.UnblockAccount{AccountID: id(3)})
	again := ok(h, rights.Stranger, "SignIn", h.SignIn, commands.SignIn{Username: username(3), Password: goodPassword})
	ok(h, h.who(3), "SignOut", h.SignOut, commands.SignOut{SessionID: again.SessionID})
	must(t, h.Sweep(t.Context(), h.now()))
	same(t, h.events("session-"+again.SessionID), []string{"session.started.v1", "session.ended.v1"})
}
