package commands_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
	"sleutelbos/internal/limits"
)

// TestRefusalsAreEvidence holds BIO2 8.15.01.
func TestRefusalsAreEvidence(t *testing.T) {
	h := newHouse(t)
	mine, theirs := h.organization(1, "klic"), h.organization(2, "klic")
	admin, user := h.account(3, mine, "admin"), h.account(4, mine, "user")
	h.account(5, theirs, "user")
	refused(h, admin, accounts.BlockAccount{AccountID: id(3), Reason: "x", OwnAccount: true}, "last-admin")
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
		users := make([]rights.Principal, 64)
		for n := range users {
			users[n] = h.account(100+n, mine, "user")
		}
		together(len(users), func(n int) {
			_, err := do(h, users[n], accounts.BlockAccount{AccountID: id(3), Reason: "x"})
			if codeOf(err) != "no-right" {
				t.Error(err)
			}
		})
		same(t, len(h.events("refusals-2026-03")), 67)
	})
	t.Run("the answer does not fail with the record", func(t *testing.T) {
		h.advance(time.Minute)
		h.store.breaks(func(string, []eventstore.Event) error { return eventstore.ErrTooLarge })
		refused(h, user, accounts.BlockAccount{AccountID: id(3), Reason: "x"}, "no-right")
		h.store.mend()
	})
	t.Run("strangers' are counted, a minute and origin", func(t *testing.T) {
		before := h.head()
		for n := range 20 {
			refused(h, rights.Stranger, signin.SignIn{Username: fmt.Sprintf("nobody%d", n), Password: "x"}, "sign-in-failed")
		}
		same(t, h.head(), before)
		h.restart()
		events, envelopes := h.opened("refusals-2026-03")
		same(t, events[67:], []any{refusal.Summed{Command: "SignIn", Code: "sign-in-failed", Count: 20, Minute: noon.Add(time.Minute).Truncate(time.Minute)}})
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

// TestF45_RefusalsAreSummed: however often an asker is refused, the log grows by a few events a
// minute, and nothing of it is lost.
func TestF45_RefusalsAreSummed(t *testing.T) {
	h := newHouse(t)
	mine, theirs := h.organization(1, "klic"), h.organization(2, "klic")
	admin, user := h.account(3, mine, "admin"), h.account(4, mine, "user")
	h.account(5, theirs, "user")
	for range 1_000 {
		refused(h, admin, accounts.BlockAccount{AccountID: id(5), Reason: "x"}, "account-not-found")
		refused(h, user, accounts.BlockAccount{AccountID: id(3), Reason: "x"}, "no-right")
	}
	events, _ := h.opened("refusals-2026-03")
	first := refusal.Recorded{Command: "BlockAccount", Code: "account-not-found", Stream: "account-" + id(5)}
	same(t, events, []any{first, refusal.Recorded{Command: "BlockAccount", Code: "no-right"}})

	h.advance(time.Minute)
	refused(h, admin, accounts.BlockAccount{AccountID: id(5), Reason: "x"}, "account-not-found")
	h.restart()
	events, envelopes := h.opened("refusals-2026-03")
	same(t, events[2], any(first)) // in full again, in another minute
	sums := map[string]any{}
	for i, e := range events[3:] {
		sums[envelopes[3+i].Actor.ID] = e
		same(t, envelopes[3+i].Organization, mine)
		same(t, envelopes[3+i].Outcome, eventstore.OutcomeRefused)
	}
	minute := noon.Truncate(time.Minute)
	same(t, sums, map[string]any{
		id(3): refusal.Summed{Command: "BlockAccount", Code: "account-not-found", Count: 999, Minute: minute},
		id(4): refusal.Summed{Command: "BlockAccount", Code: "no-right", Count: 999, Minute: minute},
	})
}

// TestF45_SoAreTheirKinds: an asker who is refused ever new commands fills the log no more.
func TestF45_SoAreTheirKinds(t *testing.T) {
	h := newHouse(t)
	user := h.account(2, h.organization(1, "klic"), "user")
	for n := range 500 {
		refusal := h.Engine.Denied(t.Context(), engine.Request{Name: fmt.Sprintf("Page%d", n), Actor: user}, engine.ErrDenied)
		same(t, codeOf(refusal), "no-right")
	}
	same(t, len(h.events("refusals-2026-03")), 20)
	h.restart()
	events, _ := h.opened("refusals-2026-03")
	same(t, events[20:], []any{refusal.Summed{Code: "no-right", Count: 480, Minute: noon.Truncate(time.Minute)}})
}

// TestF12_ADryRunIsEvidence: whoever probes ids of others by dry runs is recorded as one who sends
// the commands, and can do no more of it than a limit allows.
func TestF12_ADryRunIsEvidence(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(3, org, "admin")
	h.account(4, org, "user")
	h.account(5, h.organization(2, "klic"), "user")
	refused(h, admin, accounts.BlockAccount{AccountID: id(5), Reason: "x"}, "account-not-found", dry)
	events, _ := h.opened("refusals-2026-03")
	same(t, events, []any{refusal.Recorded{Command: "BlockAccount", Code: "account-not-found", Stream: "account-" + id(5), DryRun: true}})
	for range limits.Standard()[limits.DryRun].ByAccount.Burst - 1 {
		refused(h, admin, accounts.BlockAccount{AccountID: id(5), Reason: "x"}, "account-not-found", dry)
	}
	_, err := do(h, admin, accounts.BlockAccount{AccountID: id(5), Reason: "x"}, dry)
	if much, ok := errors.AsType[*limits.TooMuchError](err); !ok || much.Work != limits.DryRun || much.After <= 0 {
		t.Errorf("one dry run too many: %v", err)
	}
	ok(h, admin, accounts.DisableAccount{AccountID: id(4), Reason: "x"})
}

// TestF50_GuessesAreCountedByAccount: a username can be guessed at only so often, wherever from and
// whoever answers; its history tells of it; and the holder signs in at the usual place.
func TestF50_GuessesAreCountedByAccount(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.account(3, org, "user")
	from := func(address string) func(*engine.Request) {
		return func(r *engine.Request) { r.Origin.Address = address }
	}
	right, wrong := signin.SignIn{Username: username(3), Password: goodPassword}, signin.SignIn{Username: username(3), Password: "wrong"}
	ok(h, rights.Stranger, right, from("198.51.100.1"))
	h.advance(time.Hour)
	for _, guess := range []signin.SignIn{wrong, {Username: "nobody@example.nl", Password: "wrong"}} { // nothing tells who exists
		for range 10 {
			refused(h, rights.Stranger, guess, "sign-in-failed", from("203.0.113.1"))
		}
		for _, service := range []func(){func() {}, h.restart} {
			service()
			often, isOften := errors.AsType[*engine.TooOftenError](errOf(do(h, rights.Stranger, guess, from("203.0.113.1"))))
			if !isOften || often.RetryAfter != 15*time.Minute {
				t.Errorf("an eleventh guess at one address: %v", often)
			}
		}
		for n := range 40 { // the ten at the first address count, too
			refused(h, rights.Stranger, guess, "sign-in-failed", from(fmt.Sprintf("203.0.113.%d", 2+n)))
		}
		if often, isOften := errors.AsType[*engine.TooOftenError](errOf(do(h, rights.Stranger, guess, from("203.0.113.99")))); !isOften || often.RetryAfter != time.Hour {
			t.Errorf("a guess at one more address: %v", often)
		}
	}
	ok(h, rights.Stranger, right, from("198.51.100.1"))
	h.advance(time.Hour)
	ok(h, rights.Stranger, right, from("203.0.113.1"))

	h.restart()
	events, envelopes := h.opened("refusals-2026-03")
	guesses := 0
	for i, e := range events {
		if sum := e.(refusal.Summed); sum.AccountID == id(3) {
			same(t, sum.Command, "SignIn")
			same(t, envelopes[i].Organization, org)
			same(t, envelopes[i].Actor.Kind, eventstore.ActorStranger)
			guesses += sum.Count
		}
	}
	same(t, guesses, 53)
}

func errOf(_ engine.Outcome, err error) error { return err }
