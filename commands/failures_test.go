package commands_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/messages"
	"sleutelbos/commands/reactors"
	"sleutelbos/domain/message"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/failure"
)

// reactOnce gives every event from a place on to the reactors, once, and returns what they failed
// with and where the log ended.
func reactOnce(h *house, all []reactors.Reactor, from eventstore.Position) (eventstore.Position, []error) {
	h.t.Helper()
	var errs []error
	for rec, err := range h.log.Store().ReadAll(h.t.Context(), from, eventstore.Forwards, eventstore.Filter{}) {
		must(h.t, err)
		event, record, err := h.journal.Registry.Decode(h.t.Context(), h.vault, rec)
		must(h.t, err)
		for _, r := range all {
			if slices.Contains(r.Types, rec.Type) {
				if err := r.Handle(h.t.Context(), event, record); err != nil {
					errs = append(errs, fmt.Errorf("%s: %w", r.Name, err))
				}
			}
		}
		from = rec.Position
	}
	return from, errs
}

// TestF1_AdminsShareAMailbox: each of them gets the mail, and it stops nothing.
func TestF1_AdminsShareAMailbox(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	for n, name := range map[int]string{2: "jan", 3: "piet"} {
		ok(h, h.platform(), accounts.CreateAccount{
			AccountID: id(n), OrganizationID: org, Username: name, Name: name, Role: "admin", Channel: "admin_password",
			Password: goodPassword, KeepPassword: true, Details: accounts.Details[string]{Email: "beheer@school.nl"},
		})
	}
	user := h.account(4, org, "user")
	made := result[licenses.LicenseMade](h, h.platform(), licenses.RegisterLicense{OrganizationID: org, Name: "L", ShownInSelection: true})
	ok(h, user, licenses.RequestLicense{AccountID: id(4), LicenseID: made.LicenseID})
	h.react(eventstore.Position{})
	var to []string
	for _, m := range h.post.take() {
		to = append(to, m.To)
	}
	same(t, to, []string{"beheer@school.nl", "beheer@school.nl"})
}

// TestF1_WhatIsRefusedForGoodIsRecorded: a mail that can't be queued is in the history, and a
// second recipient gets it nevertheless.
func TestF1_WhatIsRefusedForGoodIsRecorded(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	for n := 2; n <= 3; n++ {
		ok(h, h.platform(), accounts.CreateAccount{
			AccountID: id(n), OrganizationID: org, Username: fmt.Sprintf("admin%d", n), Name: "A", Role: "admin", Channel: "admin_password",
			Password: goodPassword, KeepPassword: true, Details: accounts.Details[string]{Email: fmt.Sprintf("a%d@school.nl", n)},
		})
	}
	user := h.account(4, org, "user")
	made := result[licenses.LicenseMade](h, h.platform(), licenses.RegisterLicense{OrganizationID: org, Name: "L", ShownInSelection: true})
	from, errs := reactOnce(h, h.Reactors, eventstore.Position{})
	same(t, len(errs), 0)
	ok(h, user, licenses.RequestLicense{AccountID: id(4), LicenseID: made.LicenseID})
	must(t, h.vault.DestroyKey(t.Context(), eventstore.AccountSubject(id(2)), h.now()))
	_, errs = reactOnce(h, h.Reactors, from)
	same(t, len(errs), 1)
	same(t, failure.Of(errs[0]), failure.Final)
	_, errs = reactOnce(h, h.Reactors, from)
	same(t, len(h.post.take()), 1)

	must(t, h.Engine.PassOver(t.Context(), engine.Undone{Part: "messages", EventType: "licenserequest.requested.v1", Stream: "licenserequest-x", OrganizationID: org, AccountID: id(4)}, errs[0]))
	events, envelopes := h.opened("refusals-" + noon.Format("2006-01"))
	last := len(events) - 1
	same(t, events[last], any(refusal.PassedOver{
		Part: "messages", Code: failure.Code(errs[0]), EventType: "licenserequest.requested.v1", Stream: "licenserequest-x", OrganizationID: org, AccountID: id(4),
	}))
	same(t, envelopes[last].Actor, eventstore.Actor{Kind: eventstore.ActorSystem, ID: "messages"})
	same(t, envelopes[last].Outcome, eventstore.OutcomeRefused)
}

// TestF1_ADeadlineThatCannotBeKept is recorded once, and keeps no other waiting.
func TestF1_ADeadlineThatCannotBeKept(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), create(4, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	ok(h, h.platform(), activation.SendActivation{AccountID: id(4)})
	_, err := h.log.Tombstone(t.Context(), "account-"+id(3), eventstore.Any)
	must(t, err)
	h.restart()
	h.advance(400 * 24 * time.Hour)
	due := due{id(3), id(4)}
	for range 3 {
		_, err = h.Clock.Deadlines(t.Context(), due, h.now())
		must(t, err)
	}
	same(t, len(h.events("refusals-"+h.now().Format("2006-01"))), 1)
	all := h.events("account-" + id(4))
	same(t, all[len(all)-1], "account.activation_expired.v1")
}

// due are accounts whose activation is over.
type due []string

func (d due) DueActivations(context.Context, time.Time, int) ([]string, error) { return d, nil }

func (due) DueAccounts(context.Context, time.Time, int) ([]string, error) { return nil, nil }

// TestF3_AVaultThatIsAwayGivesNothingUp: the link of an activation is opened again once the vault
// is back.
func TestF3_AVaultThatIsAwayGivesNothingUp(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	away := &flaky{Vault: h.vault}
	o := h.options()
	o.Vault = away
	s := h.serviceOf(o)
	defer func() { must(t, s.Close()) }()
	away.fails.Store(1)
	_, errs := reactOnce(h, s.Reactors, eventstore.Position{}) // queues the mail
	same(t, len(errs), 0)
	_, errs = reactOnce(h, s.Reactors, eventstore.Position{})
	same(t, len(errs), 1)
	same(t, failure.Of(errs[0]), failure.Passing)
	same(t, len(h.post.take()), 0)
	for rec, err := range h.log.Store().ReadAll(t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{"message."}}) {
		must(t, err)
		same(t, rec.Type, "message.queued.v1")
	}
	_, errs = reactOnce(h, s.Reactors, eventstore.Position{})
	same(t, len(errs), 0)
	same(t, len(h.post.take()), 1)
}

// flaky is a vault that fails to open so many secrets.
type flaky struct {
	*vault.Vault
	fails atomic.Int64
}

func (f *flaky) SealedSecret(ctx context.Context, id string) (string, error) {
	if f.fails.Add(-1) >= 0 {
		return "", fmt.Errorf("open a secret: %w", errors.New("dial tcp: connection refused"))
	}
	return f.Vault.SealedSecret(ctx, id)
}

// TestF3_ALinkThatIsGoneIsGivenUp at once, and can be asked for again.
func TestF3_ALinkThatIsGoneIsGivenUp(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	ok(h, admin, create(3, org))
	ok(h, admin, activation.SendActivation{AccountID: id(3)})
	h.post.fail = &reactors.SendError{Code: "smtp-550", Permanent: true}
	at := h.react(eventstore.Position{})
	mail := h.message()
	same(t, h.events(mail), []string{"message.queued.v1", "message.failed.v1", "message.given_up.v1"})
	h.post.fail = nil

	refused(h, h.account(5, org, "user"), messages.ResendMessage{MessageID: mail[len("message-"):]}, "no-right")
	other := h.organization(7, "klic")
	refused(h, h.account(8, other, "admin"), messages.ResendMessage{MessageID: mail[len("message-"):]}, "message-not-found")
	ok(h, admin, messages.ResendMessage{MessageID: mail[len("message-"):]})
	ok(h, admin, messages.ResendMessage{MessageID: mail[len("message-"):]})
	h.react(at)
	same(t, len(h.post.take()), 1)
	same(t, h.events(mail)[3:], []string{"message.requeued.v1", "message.sent.v1"})
	refused(h, admin, messages.ResendMessage{MessageID: mail[len("message-"):]}, "message-sent")
}

// TestF3_AMessageThatACrashLeft after its last attempt is taken up again.
func TestF3_AMessageThatACrashLeft(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	ok(h, h.platform(), create(3, org))
	ok(h, h.platform(), activation.SendActivation{AccountID: id(3)})
	h.post.fail = &reactors.SendError{Code: "connect"}
	h.react(eventstore.Position{})
	mail := h.message()
	for attempt := 2; attempt <= 5; attempt++ { // as an earlier version left it: not given up
		h.append(mail, message.Failed{AccountID: id(3), Attempt: attempt, Error: "connect"})
	}
	h.post.fail = nil
	h.restart()
	h.advance(2 * time.Hour)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, len(h.post.take()), 1)
	all := h.events(mail)
	same(t, all[len(all)-1], "message.sent.v1")
}

// TestF22_MailsOfASweepGoTogether: a mail server that takes its time for one keeps no other waiting.
func TestF22_MailsOfASweepGoTogether(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	h.post.fail = &reactors.SendError{Code: "connect"}
	for n := 3; n < 6; n++ {
		ok(h, h.platform(), create(n, org))
		ok(h, h.platform(), activation.SendActivation{AccountID: id(n)})
	}
	h.react(eventstore.Position{})
	h.post.fail = nil
	var together sync.WaitGroup
	together.Add(3)
	h.post.slow = func() { together.Done(); together.Wait() } // each waits for the others
	h.restart()
	h.advance(2 * time.Hour)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, len(h.post.take()), 3)
}

// message returns the stream of the only mail.
func (h *house) message() string {
	h.t.Helper()
	for rec, err := range h.log.Store().ReadAll(h.t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{"message."}}) {
		must(h.t, err)
		return rec.Stream
	}
	h.t.Fatal("there is no mail")
	return ""
}

// append puts events at the end of a stream, as another version of the program could have.
func (h *house) append(stream string, events ...any) {
	h.t.Helper()
	tail, err := h.journal.TailOf(h.t.Context(), stream)
	must(h.t, err)
	drafts := make([]eventstore.Draft, len(events))
	for i, e := range events {
		drafts[i] = eventstore.Draft{ID: uuid.New(), Event: e}
	}
	_, err = h.journal.Append(h.t.Context(), stream, tail, eventstore.Envelope{
		Actor: eventstore.Actor{Kind: eventstore.ActorSystem, ID: strings.Split(stream, "-")[0]}, Outcome: eventstore.OutcomeDone, OccurredAt: h.now(),
	}, drafts...)
	must(h.t, err)
}
