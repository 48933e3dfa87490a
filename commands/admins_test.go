package commands_test

import (
	"errors"
	"testing"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// TestLastAdmin holds N-31, N-32, AMB-N9 and AMB-K6.
func TestLastAdmin(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	admin := h.account(2, org, "admin")
	for _, refusal := range []error{
		onlyRefusal(do(h, admin, accounts.BlockAccount{AccountID: id(2), Reason: "x", OwnAccount: true})),
		onlyRefusal(do(h, admin, accounts.DisableAccount{AccountID: id(2), Reason: "x", OwnAccount: true})),
		onlyRefusal(do(h, admin, accounts.CloseAccount{AccountID: id(2), Reason: "x", OwnAccount: true})),
		onlyRefusal(do(h, admin, accounts.SetValidUntil{AccountID: id(2), ValidUntil: "2027-01-01", OwnAccount: true})),
		onlyRefusal(do(h, admin, admins.DismissAdmin{OrganizationID: org, AccountID: id(2), OwnAccount: true})),
	} {
		same(t, codeOf(refusal), "last-admin")
	}
	t.Run("one who never activated does not count", func(t *testing.T) {
		in := create(3, org)
		in.Role = "admin"
		ok(h, admin, in)
		refused(h, admin, accounts.BlockAccount{AccountID: id(2), Reason: "x", OwnAccount: true}, "last-admin")
	})
	t.Run("with another one it may go, and come back", func(t *testing.T) {
		second := h.account(4, org, "admin")
		ok(h, second, accounts.BlockAccount{AccountID: id(2), Reason: "x"})
		refused(h, second, accounts.BlockAccount{AccountID: id(4), Reason: "x", OwnAccount: true}, "last-admin")
		ok(h, second, accounts.UnblockAccount{AccountID: id(2)})
		ok(h, second, accounts.SetValidUntil{AccountID: id(2), ValidUntil: "2027-01-01"})
		refused(h, second, admins.DismissAdmin{OrganizationID: org, AccountID: id(4), OwnAccount: true}, "last-admin")
		ok(h, second, accounts.ClearValidUntil{AccountID: id(2)})
		ok(h, second, admins.DismissAdmin{OrganizationID: org, AccountID: id(4), OwnAccount: true})
		same(t, h.who(4).Role, rights.RoleUser)
	})
}

func onlyRefusal(_ engine.Outcome, err error) error { return err }

func TestTwoAdminsBlockEachOther(t *testing.T) {
	h := newHouse(t)
	other := h.service()
	defer func() { must(t, other.Close()) }()
	org := h.organization(1, "klic")
	platform := h.platform()
	one, two := h.account(2, org, "admin"), h.account(3, org, "admin")
	block := func(s *commands.Service, who rights.Principal, target int) error {
		elsewhere := &house{t: t, Service: s}
		return onlyRefusal(do(elsewhere, who, accounts.BlockAccount{AccountID: id(target), Reason: "race"}))
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
				ok(h, platform, accounts.UnblockAccount{AccountID: id(3 - i)})
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
				_, err = do(elsewhere, who, accounts.BlockAccount{AccountID: id(2), Reason: "race"})
			} else {
				_, err = do(elsewhere, who, accounts.UnblockAccount{AccountID: id(2)})
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
	block := accounts.BlockAccount{AccountID: id(2), Reason: "x"}
	would, err := do(h, who, block, dry)
	must(t, err)
	same(t, h.count("account.blocked."), 0)
	real, err := do(h, who, block)
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
	if err := onlyRefusal(do(h, second, accounts.BlockAccount{AccountID: id(2), Reason: "x"})); err == nil {
		t.Fatal("it was blocked")
	}
	h.restart()
	refused(h, second, accounts.BlockAccount{AccountID: id(3), Reason: "x", OwnAccount: true}, "last-admin")
	h.advance(time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	ok(h, second, accounts.BlockAccount{AccountID: id(3), Reason: "x", OwnAccount: true})
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
	if err := onlyRefusal(do(h, h.platform(), in)); err == nil {
		t.Fatal("it was appointed")
	}
	h.restart()
	same(t, h.who(2).Role, rights.RoleUser)
	h.advance(time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, h.who(2).Role, rights.RoleAdmin)

	t.Run("who was dismissed since is not appointed again", func(t *testing.T) {
		h.account(3, org, "admin")
		ok(h, h.who(3), admins.DismissAdmin{OrganizationID: org, AccountID: id(2)})
		h.restart()
		h.advance(time.Minute)
		must(t, h.Repairs.Sweep(t.Context(), h.now()))
		same(t, h.who(2).Role, rights.RoleUser)
	})
}

func TestSessionsEndWithTheAccount(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	signed := result[signin.SignedIn](h, rights.Stranger, signin.SignIn{Username: username(3), Password: goodPassword})
	same(t, h.events("session-"+signed.SessionID), []string{"session.started.v1"})
	refused(h, admin, signin.SignOut{SessionID: signed.SessionID}, "session-not-found")
	ok(h, admin, accounts.BlockAccount{AccountID: id(3), Reason: "x"})
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, h.events("session-"+signed.SessionID), []string{"session.started.v1", "session.ended.v1"})
	ok(h, admin, accounts.UnblockAccount{AccountID: id(3)})
	again := result[signin.SignedIn](h, rights.Stranger, signin.SignIn{Username: username(3), Password: goodPassword})
	ok(h, h.who(3), signin.SignOut{SessionID: again.SessionID})
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, h.events("session-"+again.SessionID), []string{"session.started.v1", "session.ended.v1"})
}
