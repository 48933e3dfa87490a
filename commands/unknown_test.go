package commands_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/eventstore"
)

// TestF78_WhatIsKnownOfALostCommandIsSaid: a command that appended nothing says that the store is
// away; of one whose append was not answered the outcome is unknown, and the same key finds it out.
func TestF78_WhatIsKnownOfALostCommandIsSaid(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	// A command's time is up when timeIsUp is called, wherever it is by then.
	timeIsUp := func() {}
	run := func(r engine.Request, body any) error {
		var ctx context.Context
		ctx, timeIsUp = context.WithCancel(t.Context())
		defer timeIsUp()
		r.Actor, r.Origin = admin, engine.SystemOrigin
		_, err := h.Run(ctx, r, body)
		return err
	}
	block, stream := accounts.BlockAccount{AccountID: id(3), Reason: "fraud"}, "account-"+id(3)
	before := len(h.events(stream))

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.Run(ended, engine.Request{Actor: admin, Origin: engine.SystemOrigin}, block)
	if err == nil || errors.Is(err, engine.ErrOutcomeUnknown) {
		t.Errorf("nothing was sent: %v", err)
	}

	// The append is written, and no answer comes.
	written := 0
	h.store.breaks(func(at string, events []eventstore.Event) error {
		if at == stream {
			if written++; written == 1 {
				_, err := h.log.Store().Append(t.Context(), at, eventstore.Any, events...)
				return errors.Join(err, eventstore.ErrUnavailable)
			}
			timeIsUp()
		}
		return eventstore.ErrUnavailable
	})
	keyed := engine.Request{IdempotencyKey: "once"}
	if err := run(keyed, block); !errors.Is(err, engine.ErrOutcomeUnknown) {
		t.Errorf("no answer came: %v", err)
	}
	h.store.mend()
	must(t, run(keyed, block))
	same(t, h.events(stream)[before:], []string{"account.blocked.v1"})

	// A page waits for the answer, also when its time is up.
	tries := 0
	h.store.breaks(func(string, []eventstore.Event) error {
		timeIsUp()
		if tries++; tries < 4 {
			return eventstore.ErrUnavailable
		}
		return nil
	})
	must(t, run(engine.Request{Settle: 20 * time.Second}, accounts.UnblockAccount{AccountID: id(3)}))
	same(t, h.events(stream)[before:], []string{"account.blocked.v1", "account.unblocked.v1"})
}
