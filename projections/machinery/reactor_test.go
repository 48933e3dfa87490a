package machinery_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func eventID(n int) (id uuid.UUID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n+1))
	return id
}

// outbox notes the effects of a reactor.
type outbox struct {
	mu     sync.Mutex
	sent   []string
	fails  int              // so many times yet
	wrong  map[string]error // what fails for a name, always
	passed []string         // why what was passed over
}

var errRefused = errors.New("the mail server refuses")

func (o *outbox) handle(_ context.Context, event any, rec eventstore.Record) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fails > 0 {
		o.fails--
		return errRefused
	}
	name := event.(made).Name
	if err := o.wrong[name]; err != nil {
		return err
	}
	o.sent = append(o.sent, name)
	return nil
}

func (o *outbox) passOver(_ context.Context, rec eventstore.Record, why error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fails > 0 {
		o.fails--
		return errRefused
	}
	o.passed = append(o.passed, rec.Stream+": "+why.Error())
	return nil
}

func (o *outbox) mend(name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.wrong, name)
}

func (o *outbox) all() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]string{}, o.sent...)
}

func (b *bench) withReactor(o *outbox, fromStart bool) machinery.Options {
	options := b.options()
	options.Reactors = []machinery.Reactor{{Name: "mail", Types: []string{"account.made.v1"}, FromStart: fromStart, Handle: o.handle, PassOver: o.passOver}}
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

// TestF1_AFinalRefusalIsPassedOver has a reactor meet an event about which it can do nothing.
func TestF1_AFinalRefusalIsPassedOver(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := outbox{wrong: map[string]error{"Anna": domain.Rule("message-exists", "There is one."), "Bert": fmt.Errorf("seal: %w", eventstore.ErrKeyDestroyed)}, fails: 0}
		r, _ := b.run(b.withReactor(&o, false))
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"})
		b.append("account-2", made{"Bert"})
		b.append("account-3", made{"Carl"})
		until(t, "the third is sent", func() bool { return len(o.all()) == 1 })
		equal(t, []string{"Carl"}, o.all())
		o.mu.Lock()
		defer o.mu.Unlock()
		equal(t, []string{"account-1: message-exists: There is one.", "account-2: seal: the subject's key was destroyed"}, o.passed)
		s := b.status(r, "mail")
		equal(t, int64(2), s.PassedOver)
		equal(t, "", s.Error)
	})
}

// TestF1_WhatIsNotRecordedIsNotPassedOver fails twice to record that an event is passed over.
func TestF1_WhatIsNotRecordedIsNotPassedOver(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := outbox{wrong: map[string]error{"Anna": domain.Rule("message-exists", "There is one.")}, fails: 1}
		r, _ := b.run(b.withReactor(&o, false))
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"})
		until(t, "it is recorded", func() bool { return b.status(r, "mail").PassedOver == 1 })
	})
}

// TestF1_AReactorThatFailsForLongSaysThatItStopped and goes on by itself once it can.
func TestF1_AReactorThatFailsForLongSaysThatItStopped(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := outbox{wrong: map[string]error{"Anna": errRefused, "Bert": errRefused}}
		options := b.withReactor(&o, false)
		options.Patience = 100 * time.Millisecond
		r, _ := b.run(options)
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		at := b.append("account-1", made{"Anna"})
		until(t, "it says that it stopped", func() bool { return b.status(r, "mail").State == machinery.StateStopped })
		equal(t, at, b.status(r, "mail").Fault.Position)
		o.mend("Anna")
		until(t, "it goes on", func() bool { s := b.status(r, "mail"); return s.State == machinery.StateLive && s.Fault == nil })
		equal(t, []string{"Anna"}, o.all())

		b.append("account-2", made{"Bert"})
		until(t, "it stopped again", func() bool { return b.status(r, "mail").State == machinery.StateStopped })
		_, err := machinery.Resume(t.Context(), b.db, b.journal.Store, "mail", eventstore.End, noon)
		must(t, err)
		b.append("account-3", made{"Carl"})
		until(t, "it goes on from where it was told", func() bool { return len(o.all()) == 2 })
		equal(t, []string{"Anna", "Carl"}, o.all())
	})
}

// TestF1_AFaultOfTheProgramStopsAtOnce has a reactor panic.
func TestF1_AFaultOfTheProgramStopsAtOnce(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		var o outbox
		options := b.withReactor(&o, false)
		options.Reactors[0].Handle = func(context.Context, any, eventstore.Record) error { panic("a fault") }
		r, _ := b.run(options)
		until(t, "it runs", func() bool { return b.status(r, "mail").State == machinery.StateLive })
		b.append("account-1", made{"Anna"})
		until(t, "it stopped", func() bool { return b.status(r, "mail").State == machinery.StateStopped })
	})
}

func TestNewReactorBeginsAtTheEnd(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.append("account-1", made{"long ago"})
		var now, always outbox
		o := b.withReactor(&now, false)
		o.Reactors = append(o.Reactors, machinery.Reactor{Name: "grants", Types: []string{"account.made.v1"}, FromStart: true, Handle: always.handle, PassOver: always.passOver})
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

// TestF4_AForeignEventStopsNothing: an event of a stream that is not ours is passed over by every
// projection, whatever it is called; an unknown one in ours stops those that take it.
func TestF4_AForeignEventStopsNothing(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		var o outbox
		options := b.withReactor(&o, false)
		options.Reactors = append(options.Reactors, machinery.Reactor{Name: "every", Handle: o.handleAny, PassOver: o.passOver})
		r, _ := b.run(options)
		until(t, "it runs", func() bool { return b.status(r, "every").State == machinery.StateLive })
		b.unknown("billing-1", "invoice.sent")
		b.unknown("billing-1", "account.made.v1")
		at := b.append("account-1", made{"Anna"})
		b.wait(r, at)
		for _, name := range []string{historyTable, thingTable, "mail", "every"} {
			if s := b.status(r, name); s.State == machinery.StateStopped {
				t.Errorf("%s stopped: %+v", name, s.Fault)
			}
		}
		until(t, "it is sent", func() bool { return len(o.all()) == 1 })
		bad := b.unknown("account-1", "account.teleported.v1")
		until(t, "the history stopped", func() bool { return b.status(r, historyTable).State == machinery.StateStopped })
		equal(t, bad, b.status(r, historyTable).Fault.Position)
	})
}

func (*outbox) handleAny(context.Context, any, eventstore.Record) error { return nil }
