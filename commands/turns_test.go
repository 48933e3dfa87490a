package commands_test

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/eventstore"
)

// distant is a store that is as far away as a server: each call takes a moment. It counts the turns
// that a caller waits for, one after the other: calls at the same time are one turn.
type distant struct {
	eventstore.Store
	mu       sync.Mutex
	inFlight int
	turns    int
}

const roundTrip = 20 * time.Millisecond

func (d *distant) begin() {
	d.mu.Lock()
	if d.inFlight == 0 {
		d.turns++
	}
	d.inFlight++
	d.mu.Unlock()
	<-time.After(roundTrip)
}

func (d *distant) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inFlight--
}

func (d *distant) taken() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := d.turns
	d.turns = 0
	return n
}

func (d *distant) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		d.begin()
		defer d.end()
		d.Store.ReadStream(ctx, stream, from, dir)(yield)
	}
}

func (d *distant) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	d.begin()
	defer d.end()
	return d.Store.Append(ctx, stream, expected, events...)
}

// TestF74_TurnsOfACommand: what a command must know is read at once, and what it decides on is not
// read again, for the append shows whether it was an old state.
func TestF74_TurnsOfACommand(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin, user := h.account(2, org, "admin"), h.account(3, org, "user")
	away := &distant{Store: h.store}
	o := h.options()
	o.Journal.Store = away
	far := h.serviceOf(o)
	defer func() { must(t, far.Close()) }()
	who, err := far.Access.Principal(t.Context(), admin.AccountID)
	must(t, err)
	name := "Anna"
	for _, c := range []struct {
		name string
		most int
		body any
	}{
		{"the first block", 2, accounts.BlockAccount{AccountID: user.AccountID, Reason: "fraud"}},
		{"unblock", 2, accounts.UnblockAccount{AccountID: user.AccountID}},
		{"block", 2, accounts.BlockAccount{AccountID: user.AccountID, Reason: "fraud"}},
		{"block again, which changes nothing", 2, accounts.BlockAccount{AccountID: user.AccountID, Reason: "fraud"}},
		{"change details", 2, accounts.ChangeDetails{AccountID: user.AccountID, Name: &name}},
	} {
		away.taken()
		_, err := far.Run(t.Context(), engine.Request{Actor: who, Origin: engine.SystemOrigin}, c.body)
		must(t, err)
		if n := away.taken(); n > c.most {
			t.Errorf("%s takes %d round trips in turn, want at most %d", c.name, n, c.most)
		}
	}
}
