package commands_test

import (
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
)

func TestRefusalsAreEvidence(t *testing.T) {
	h := newHouse(t)
	mine, theirs := h.organization(1, "klic"), h.organization(2, "klic")
	admin, user := h.account(3, mine, "admin"), h.account(4, mine, "user")
	h.account(5, theirs, "user")
	refused(h, admin, accounts.BlockAccount{AccountID: id(3), Reason: "x"}, "last-admin")
	refused(h, admin, accounts.BlockAccount{AccountID: id(5), Reason: "x"}, "account-not-found")
	refused(h, user, accounts.BlockAccount{AccountID: id(3), Reason: "x"}, "no-right")
	events, envelopes := h.opened("refusals-2026-03")
	same(t, events, []any{
		refusal.Recorded{Command: "BlockAccount", Code: "last-admin", OrganizationID: mine, AccountID: id(3), Stream: "account-" + id(3)},
		refusal.Recorded{Command: "BlockAccount", Code: "account-not-found", Stream: "account-" + id(5)},
		refusal.Recorded{Command: "BlockAccount", Code: "no-right"},
	})
	same(t, envelopes[0].Outcome, eventstore.OutcomeRefused)
	same(t, envelopes[0].Actor, eventstore.Actor{Kind: "account", ID: id(3), Name: "Person 3"})
	same(t, envelopes[1].Organization, mine)

	t.Run("many at once share their appends and are all there", func(t *testing.T) {
		together(64, func(int) {
			_, err := do(h, user, accounts.BlockAccount{AccountID: id(3), Reason: "x"})
			if codeOf(err) != "no-right" {
				t.Error(err)
			}
		})
		same(t, len(h.events("refusals-2026-03")), 67)
	})
	t.Run("the answer does not fail with the record", func(t *testing.T) {
		h.store.breaks(func(string, []eventstore.Event) error { return eventstore.ErrTooLarge })
		refused(h, user, accounts.BlockAccount{AccountID: id(3), Reason: "x"}, "no-right")
		h.store.mend()
	})
	t.Run("strangers' are counted, a minute and origin", func(t *testing.T) {
		before := h.head()
		for range 20 {
			refused(h, rights.Stranger, signin.SignIn{Username: "nobody", Password: "x"}, "sign-in-failed")
		}
		same(t, h.head(), before)
		h.restart()
		events, envelopes := h.opened("refusals-2026-03")
		same(t, events[67:], []any{refusal.Summed{Command: "SignIn", Code: "sign-in-failed", Count: 20, Minute: noon.Truncate(time.Minute)}})
		same(t, envelopes[67].Origin.Address, "192.0.2.7")
		same(t, envelopes[67].Actor, eventstore.Actor{Kind: "stranger"})
	})
}

// TestNobodyLearnsWhoExists asks with every kind of account: the same answer, and the same
// number of password hashes.
func TestNobodyLearnsWhoExists(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	h.account(4, org, "user")
	ok(h, admin, accounts.BlockAccount{AccountID: id(4), Reason: "x"})
	h.account(5, org, "user")
	ok(h, admin, accounts.DisableAccount{AccountID: id(5), Reason: "x"})
	h.account(6, org, "user")
	ok(h, admin, accounts.CloseAccount{AccountID: id(6), Reason: "x"})
	h.account(7, org, "user")
	must(t, h.vault.DestroyKey(t.Context(), eventstore.AccountSubject(id(7)), h.now()))
	ok(h, admin, create(8, org)) // not activated
	for _, n := range []int{2, 3, 4, 5, 6, 7, 8, 99} {
		before, events := h.hashes.Load(), h.head()
		refused(h, rights.Stranger, signin.SignIn{Username: username(n), Password: "not the password"}, "sign-in-failed")
		same(t, h.hashes.Load()-before, int64(1))
		same(t, h.head(), events)
	}
	refused(h, rights.Stranger, signin.SignIn{Username: username(4), Password: goodPassword}, "account-blocked")
	refused(h, rights.Stranger, signin.SignIn{Username: username(5), Password: goodPassword}, "account-disabled")
	events, _ := h.opened("refusals-2026-03")
	same(t, events[0], any(refusal.Recorded{
		Command: "SignIn", Code: "account-blocked", OrganizationID: org, AccountID: id(4), Stream: "account-" + id(4),
	}))
}
