package machinery_test

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func TestRowsFollowTheLog(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.append("account-0", made{"before"})
		r, _ := b.run(b.options())
		b.append("account-1", made{"Anna"}, counted{2})
		b.append("account-2", made{"Bert"}, gone{})
		b.append("note-1", noted{"x"})
		at := b.append("account-1", counted{3})
		b.wait(r, at)
		equal(t, []thing{{ID: "0", Name: "before"}, {ID: "1", Name: "Anna", Count: 5, Last: noon, Revision: 2}}, b.things())
		types, err := machinery.Select[entry](t.Context(), b.db, "SELECT position, type FROM history_v1 ORDER BY position")
		must(t, err)
		equal(t, 7, len(types))
		equal(t, entry{Position: 7, Type: "account.counted.v1"}, types[6])
		for _, name := range r.Names() {
			until(t, "it is live and is searched", func() bool { s := b.status(r, name); return s.State == machinery.StateLive && s.Searchable })
			equal(t, machinery.Status{Name: name, Position: at, State: machinery.StateLive, Built: true, Searchable: true}, b.status(r, name))
		}
		b.verified(r, r.Names()...)
	})
}

func TestRunnerGoesOnWhereItEnded(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		at := b.append("account-1", made{"Anna"}, counted{2})
		r, end := b.run(b.options())
		b.wait(r, at)
		end()
		at = b.append("account-1", counted{3})
		r, _ = b.run(b.options())
		b.wait(r, at)
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 5, Last: noon, Revision: 2}}, b.things())
	})
}

func TestUnknownEventStopsWhomItConcerns(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.append("account-1", made{"Anna"}, counted{2})
		at := b.unknown("account-1", "account.teleported.v1")
		b.append("account-2", counted{40})
		last := b.append("note-1", noted{"goes on"})
		r, _ := b.run(b.options())
		b.wait(r, last, noteTable)
		until(t, "it stopped", func() bool { return b.status(r, thingTable).State == machinery.StateStopped })
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		wantError(t, machinery.ErrBehind, r.WaitFor(ctx, last, thingTable))
		must(t, ctx.Err())
		stored, _, err := b.journal.Store.At(t.Context(), at)
		must(t, err)
		fault := machinery.Fault{
			Type: "account.teleported.v1", Stream: "account-1", Revision: 2, Position: at, Unread: stored.ID,
			Problem: "the event type is unknown to this program; " + b.wayOn(at),
		}
		s := b.status(r, thingTable)
		equal(t, &fault, s.Fault)
		equal(t, int64(5), s.LagEvents) // it was being built: there is no table to begin with
		if s.LagTime <= 0 || s.Error == "" || s.ErrorAt.IsZero() {
			t.Fatalf("the status says too little: %+v", s)
		}
		until(t, "the history stopped too", func() bool { return b.status(r, historyTable).State == machinery.StateStopped })
		until(t, "the notes are live", func() bool { return b.status(r, noteTable).State == machinery.StateLive })
	})
}

// TestStopsAfterTheGoodEvents meets the unknown event when live, in one batch with others.
func TestStopsAfterTheGoodEvents(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, end := b.run(b.options())
		b.wait(r, b.append("account-1", made{"Anna"}))
		end()
		good := b.append("account-1", counted{2})
		b.unknown("account-1", "account.teleported.v1")
		b.append("account-2", counted{40})
		r, _ = b.run(b.options())
		until(t, "it stopped", func() bool { return b.status(r, thingTable).State == machinery.StateStopped })
		equal(t, good, b.status(r, thingTable).Position)
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 1}}, b.things())
		err := r.Rebuild(t.Context(), thingTable, nil)
		if err == nil {
			t.Fatal("a rebuild can't pass the event either")
		}
		equal(t, machinery.StateStopped, b.status(r, thingTable).State)
	})
}

func TestPanickingFoldStops(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		table := machinery.NewTable[note]("careless_v1", "")
		machinery.On(table, machinery.ByStream, func(row note, e noted, _ eventstore.Record) note {
			if e.Text == "secret" {
				panic(e.Text)
			}
			row.Text += e.Text
			return row
		})
		o := b.options()
		o.Tables = append(o.Tables, table)
		r, _ := b.run(o)
		b.wait(r, b.append("note-1", noted{"a"}))
		at := b.append("note-1", noted{"b"}, noted{"secret"}, noted{"c"})
		b.wait(r, at, noteTable)
		until(t, "it stopped", func() bool { return b.status(r, "careless_v1").State == machinery.StateStopped })
		s := b.status(r, "careless_v1")
		equal(t, "a fold panicked (string)", s.Fault.Problem)
		equal(t, eventstore.AtCommit(at.Commit()-2), s.Position)
		text, err := machinery.Get[string](t.Context(), b.db, "SELECT text FROM careless_v1")
		must(t, err)
		equal(t, "ab", text)
	})
}

// TestRebuildElsewhereSetsGoing has a stopped projection rebuilt by a newer program, in
// another process, that knows the event.
func TestRebuildElsewhereSetsGoing(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, _ := b.run(b.options())
		b.wait(r, b.append("account-1", made{"Anna"}))
		b.unknown("account-2", "account.teleported.v1")
		until(t, "it stopped", func() bool { return b.status(r, thingTable).State == machinery.StateStopped })
		newer := b.options()
		newer.Registry = registry()
		eventstore.Register[teleported](newer.Registry, "account.teleported.v1")
		other, err := machinery.NewRunner(newer)
		must(t, err)
		must(t, other.Rebuild(t.Context(), thingTable, nil))
		until(t, "it goes on", func() bool { return b.status(r, thingTable).State == machinery.StateLive })
		b.wait(r, b.append("account-1", counted{1}), thingTable)
		equal(t, "", b.status(r, thingTable).Error)
	})
}

type teleported struct{}

// TestOneRunsAtATime has two processes on one database; the second takes over.
func TestOneRunsAtATime(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		first, end := b.run(b.options())
		b.wait(first, b.append("account-1", made{"Anna"}))
		other := b.options()
		other.DB = b.open()
		second, _ := b.run(other)
		at := b.append("account-1", counted{1})
		b.wait(second, at) // by looking at the checkpoint
		equal(t, machinery.StateWaiting, b.status(second, thingTable).State)
		equal(t, at, b.status(second, thingTable).Position)
		end()
		at = b.append("account-1", counted{1})
		b.wait(second, at)
		until(t, "it is live", func() bool { return b.status(second, thingTable).State == machinery.StateLive })
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 2}}, b.things())
	})
}

// unlocked lets everyone have every lock.
type unlocked struct{ machinery.DB }

type free struct{}

func (free) Lost() <-chan struct{} { return nil }
func (free) Held() bool            { return true }
func (free) Release()              {}

func (unlocked) TryLock(context.Context, string) (machinery.Lock, bool, error) {
	return free{}, true, nil
}

// TestTwoRunnersApplyOnce takes the lock away, so that only the checkpoint guards.
func TestTwoRunnersApplyOnce(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		setup, end := b.run(b.options())
		at := b.append("account-1", made{"Anna"})
		b.wait(setup, at)
		end()
		one, other := b.options(), b.options()
		one.DB, other.DB = unlocked{b.db}, unlocked{b.open()}
		first, _ := b.run(one)
		second, _ := b.run(other)
		for range 100 {
			at = b.append("account-1", counted{1})
		}
		b.wait(first, at)
		b.wait(second, at)
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 100, Last: noon, Revision: 100}}, b.things())
		b.verified(first, first.Names()...)
	})
}

func TestWaitFor(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, _ := b.run(b.options())
		at := b.append("account-1", made{"Anna"})
		b.wait(r, at)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		wantError(t, machinery.ErrBehind, r.WaitFor(ctx, eventstore.AtCommit(at.Commit()+1), thingTable))
		err := r.WaitFor(t.Context(), at, "no_such_v1")
		if unknown, ok := errors.AsType[*machinery.UnknownProjectionError](err); !ok || unknown.Name != "no_such_v1" {
			t.Fatal("want *UnknownProjectionError, got", err)
		}
	})
}

func TestBadOptions(t *testing.T) {
	type strange struct{}
	table := machinery.NewTable[note]("strange_v1", "")
	machinery.On(table, machinery.ByStream, func(row note, _ strange, _ eventstore.Record) note { return row })
	for want, o := range map[string]machinery.Options{
		"strange_v1 folds machinery_test.strange, which has no stored name":                {Registry: registry(), Tables: []machinery.Projection{table}},
		"two projections are named note_list_v1":                                           {Registry: registry(), Tables: []machinery.Projection{notes(), notes()}},
		"the reactor mail acts on account.teleported.v1, which is no stored name":          {Registry: registry(), Reactors: []machinery.Reactor{{Name: "mail", Types: []string{"account.teleported.v1"}, Handle: (&outbox{}).handle, PassOver: (&outbox{}).passOver}}},
		"the reactor mail does not say what it does, or where it records what it can't do": {Registry: registry(), Reactors: []machinery.Reactor{{Name: "mail"}}},
	} {
		if _, err := machinery.NewRunner(o); err == nil || err.Error() != want {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// TestCheckpointOfWhatChangedNothing: events that change no row are not written one by one,
// yet the stored checkpoint passes them, for other processes and for the next start.
func TestCheckpointOfWhatChangedNothing(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		stored := func() eventstore.Position {
			c, err := b.db.Checkpoint(t.Context(), thingTable)
			must(t, err)
			return c.Position
		}
		r, end := b.run(b.options())
		made := b.append("account-1", made{"Anna"})
		b.wait(r, made)
		equal(t, made, stored())
		noted1 := b.append("note-1", noted{"x"})
		until(t, "the checkpoint is stored", func() bool { return stored() == noted1 })
		noted2 := b.append("note-1", noted{"y"})
		b.wait(r, noted2)
		end()
		equal(t, noted2, stored())
		r, _ = b.run(b.options())
		b.wait(r, b.append("account-1", counted{1}))
		equal(t, int64(1), b.things()[0].Count)
		b.verified(r, r.Names()...)
	})
}

// looking counts the rows that were looked for.
type looking struct {
	machinery.DB
	asked atomic.Int64
}

func (l *looking) Load(ctx context.Context, def machinery.Definition, physical string, keys []any) iter.Seq2[[]any, error] {
	l.asked.Add(int64(len(keys)))
	return l.DB.Load(ctx, def, physical, keys)
}

func TestAFirstEventLooksForNoRow(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := b.options()
		db := &looking{DB: b.db}
		o.DB = db
		o.Tables = []machinery.Projection{things(thingTable, thingSchema)}
		r, stop := b.run(o)
		b.wait(r, b.append("account-1", made{"Anna"}, counted{1}))
		if n := db.asked.Load(); n != 0 {
			t.Errorf("%d rows were looked for", n)
		}
		stop()
		r, _ = b.run(o) // which remembers nothing
		b.wait(r, b.append("account-1", counted{1}))
		if n := db.asked.Load(); n != 1 {
			t.Errorf("%d rows were looked for, want the one", n)
		}
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 2}}, b.things())
	})
}

// open is a subscriber that nobody may close.
type open struct {
	message.Subscriber
	t *testing.T
}

func (o open) Close() error {
	o.t.Error("the runner's subscriber was closed, and it can't run again")
	return nil
}

func TestRunsAgain(t *testing.T) {
	b := newBench(t, func() machinery.DB { return openSQLite(t, t.TempDir()) })
	o := b.options()
	o.Subscriber = open{o.Subscriber, t}
	r, err := machinery.NewRunner(o)
	must(t, err)
	for range 100 {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.Run(ctx) }()
		b.wait(r, b.append("account-1", counted{1}))
		cancel()
		must(t, <-ended)
	}
	equal(t, []thing{{ID: "1", Count: 100, Last: noon, Revision: 99}}, b.things())
}
