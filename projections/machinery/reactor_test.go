package machinery_test

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func eventID(n int) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n+1))
	return id
}

// outbox notes the effects of a reactor.
type outbox struct {
	mu    sync.Mutex
	sent  []string
	fails int // so many times yet
}

var errRefused = errors.New("the mail server refuses")

func (o *outbox) handle(_ context.Context, event any, rec eventstore.Record) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fails > 0 {
		o.fails--
		return errRefused
	}
	o.sent = append(o.sent, event.(made).Name)
	return nil
}

func (o *outbox) all() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{}, o.sent...)
}

func (b *bench) withReactor(o *outbox, fromStart bool) machinery.Options {
	options := b.options()
	options.Reactors = []machinery.Reactor{{Name: "mail", Types: []string{"account.made.v1"}, FromStart: fromStart, Handle: o.handle}}
	return options
}

func TestReactorActsOnceInOrder(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		var o outbox
		r, end := b.run(b.withReactor(&o, false))
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"}, counted{1})
		b.append("account-2", made{"Bert"})
		until(t, "both are sent", func() bool { return len(o.all()) == 2 })
		must(t, r.Rebuild(t.Context(), thingTable, nil))
		until(t, "the checkpoint is saved", func() bool {
			c, _, err := b.db.ReactorCheckpoint(t.Context(), "mail")
			return err == nil && c.Position == eventstore.AtCommit(3)
		})
		end()
		b.append("account-3", made{"Carl"})
		r, _ = b.run(b.withReactor(&o, false))
		until(t, "the third is sent", func() bool { return len(o.all()) == 3 })
		equal(t, []string{"Anna", "Bert", "Carl"}, o.all())
		if s := b.status(r, "mail"); !s.Reactor {
			t.Fatalf("it is no projection: %+v", s)
		}
	})
}

func TestReactorTriesUntilItSucceeds(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := outbox{fails: 3}
		r, _ := b.run(b.withReactor(&o, false))
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"})
		b.append("account-2", made{"Bert"})
		until(t, "the error shows", func() bool {
			return b.status(r, "mail").Error == "account.made.v1 at position 1: the mail server refuses"
		})
		until(t, "both are sent", func() bool { return len(o.all()) == 2 })
		equal(t, []string{"Anna", "Bert"}, o.all())
		until(t, "the error is gone", func() bool { return b.status(r, "mail").Error == "" })
	})
}

func TestNewReactorBeginsAtTheEnd(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.append("account-1", made{"long ago"})
		var now, always outbox
		o := b.withReactor(&now, false)
		o.Reactors = append(o.Reactors, machinery.Reactor{Name: "grants", Types: []string{"account.made.v1"}, FromStart: true, Handle: always.handle})
		r, err := machinery.NewRunner(o)
		must(t, err)
		must(t, r.Prepare(t.Context()))
		b.append("account-2", made{"after Prepare"}) // before Run, as a command that comes early
		b.run(o)
		until(t, "all is done", func() bool { return len(now.all()) == 1 && len(always.all()) == 2 })
		equal(t, []string{"after Prepare"}, now.all())
		equal(t, []string{"long ago", "after Prepare"}, always.all())
	})
}

func TestReactorStopsAtAnUnknownEvent(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		var o outbox
		r, _ := b.run(b.withReactor(&o, false))
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"})
		at := b.unknown("account-1", "account.teleported.v1")
		b.append("account-2", made{"Bert"})
		until(t, "it stopped", func() bool { return b.status(r, "mail").State == machinery.StateStopped })
		equal(t, at, b.status(r, "mail").Fault.Position)
		equal(t, []string{"Anna"}, o.all())
	})
}
