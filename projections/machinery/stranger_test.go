package machinery_test

import (
	"context"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// anotherLog returns a bench with the rows of this one and a log of its own.
func (b *bench) anotherLog() *bench {
	other := newBench(b.t, b.open)
	other.journal.Keys = b.journal.Keys
	return other
}

// start runs what the program runs: it is prepared before anybody waits for it.
func (b *bench) start(o machinery.Options) (*machinery.Runner, func()) {
	b.t.Helper()
	prepared, err := machinery.NewRunner(o)
	must(b.t, err)
	must(b.t, prepared.Prepare(b.t.Context()))
	return b.run(o)
}

// TestF60_AnotherLog: rows that were made from a log that went further, or from another
// one of the same length, are made again; a reactor stops until it is told where it goes on.
func TestF60_AnotherLog(t *testing.T) {
	for name, events := range map[string]int{"shorter": 5, "longer": 60} {
		t.Run(name, func(t *testing.T) {
			engines(t, func(t *testing.T, b *bench) {
				var o outbox
				at := b.append("account-1", made{"Anna"})
				for range 20 {
					at = b.append("account-1", counted{1})
				}
				r, end := b.run(b.withReactor(&o, true))
				b.wait(r, at)
				until(t, "the reactor has come as far", func() bool { return b.status(r, "mail").Position == at })
				end()
				other := b.anotherLog()
				for range events {
					other.append("account-2", counted{1})
				}
				r, end = other.start(other.withReactor(&o, true))
				at = other.append("account-3", made{"Bert"})
				other.wait(r, at)
				other.verified(r, thingTable, historyTable)
				var names []string
				for _, row := range other.things() {
					names = append(names, row.ID+row.Name)
				}
				equal(t, []string{"2", "3Bert"}, names)
				until(t, "the reactor stopped", func() bool { return other.status(r, "mail").State == machinery.StateStopped })
				if fault := other.status(r, "mail").Fault; fault == nil || !strings.Contains(fault.Problem, "reactors resume mail") {
					t.Errorf("got the fault %+v", fault)
				}
				equal(t, []string{"Anna"}, o.all())
				if _, err := machinery.Resume(t.Context(), other.db, other.journal.Store, "mail", eventstore.AtCommit(1), noon); err != nil {
					t.Fatal(err)
				}
				until(t, "it acts again", func() bool { return len(o.all()) == 2 })
				equal(t, []string{"Anna", "Bert"}, o.all())
				end()
				r, _ = other.run(other.withReactor(&o, true)) // what fits is left alone
				other.wait(r, other.append("account-4", made{"Carl"}))
				until(t, "it acts", func() bool { return len(o.all()) == 3 })
			})
		})
	}
}

func TestF2_Resume(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		_, err := machinery.Resume(t.Context(), b.db, b.journal.Store, "mail", eventstore.End, noon)
		wantError(t, machinery.ErrNoReactor, err)
		must(t, b.db.SaveReactor(t.Context(), "mail", machinery.NeverRan, machinery.Checkpoint{Position: eventstore.AtCommit(90), UpdatedAt: noon}))
		at := b.append("account-1", made{"Anna"}, counted{1})
		if _, err := machinery.Resume(t.Context(), b.db, b.journal.Store, "mail", eventstore.AtCommit(50), noon); err == nil {
			t.Error("a position that no event has is taken")
		}
		for from, want := range map[eventstore.Position]eventstore.Position{eventstore.End: at, {}: {}, eventstore.AtCommit(1): eventstore.AtCommit(1)} {
			got, err := machinery.Resume(t.Context(), b.db, b.journal.Store, "mail", from, noon)
			must(t, err)
			equal(t, want, got)
			stands, _, err := b.db.ReactorCheckpoint(t.Context(), "mail")
			must(t, err)
			equal(t, want, stands.Position)
			must(t, stands.Fits(t.Context(), b.journal.Store))
		}
	})
}

// exchanged is a store that is lost and comes back as another one.
type exchanged struct {
	mu    sync.Mutex
	store eventstore.Store
	lose  context.CancelFunc
	eventstore.Store
}

func (e *exchanged) now() eventstore.Store {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.store
}

func (e *exchanged) exchange(other eventstore.Store) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.store = other
	e.lose()
}

func (e *exchanged) Head(ctx context.Context) (eventstore.Position, error) { return e.now().Head(ctx) }

func (e *exchanged) At(ctx context.Context, p eventstore.Position) (eventstore.Recorded, bool, error) {
	return e.now().At(ctx, p)
}

func (e *exchanged) ReadAll(ctx context.Context, beyond eventstore.Position, d eventstore.Direction, f eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return e.now().ReadAll(ctx, beyond, d, f)
}

func (e *exchanged) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	return e.now().Behind(ctx, after, limit)
}

func (e *exchanged) Subscribe(ctx context.Context, after eventstore.Position, f eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		e.mu.Lock()
		ctx, lose := context.WithCancel(ctx)
		before := e.lose
		e.lose = func() { before(); lose() }
		store := e.store
		e.mu.Unlock()
		store.Subscribe(ctx, after, f)(yield)
	}
}

// TestF70_TheLogIsPutBackWhileTheProgramRuns: a store that was away comes back with an earlier
// state, from which it goes on in another way.
func TestF70_TheLogIsPutBackWhileTheProgramRuns(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		var o outbox
		at := b.append("account-1", made{"Anna"})
		for range 20 {
			at = b.append("account-1", counted{1})
		}
		other := b.anotherLog()
		store := &exchanged{store: b.journal.Store, lose: func() {}}
		options := b.withReactor(&o, true)
		options.Store, options.Subscriber = store, subscriberTo(store)
		r, _ := b.run(options)
		b.wait(r, at)
		until(t, "the reactor has come as far", func() bool { return b.status(r, "mail").Position == at })
		rows := func() ([]thing, error) {
			return machinery.Select[thing](t.Context(), b.db, "SELECT id, name, count, last, revision FROM thing_list_v1")
		}
		store.exchange(other.journal.Store)
		until(t, "the rows are those of a log without events", func() bool {
			all, err := rows()
			return err == nil && len(all) == 0
		})
		// It has the position that the first event of the log before it had, which was read a moment ago.
		other.append("account-3", made{"Bert"})
		until(t, "the rows are those of the log that is there", func() bool {
			all, err := rows()
			return err == nil && len(all) == 1 && all[0].Name == "Bert"
		})
		until(t, "the reactor stopped", func() bool { return b.status(r, "mail").State == machinery.StateStopped })
		equal(t, []string{"Anna"}, o.all())
	})
}

// TestWhatIsToldOfACheckpoint is that of an event: a client keeps one number.
func TestWhatIsToldOfACheckpoint(t *testing.T) {
	mark := machinery.Mark{Position: eventstore.AtCommit(7), ID: eventID(1)}
	again, err := machinery.ParseMark(mark.String())
	must(t, err)
	equal(t, mark, again)
	equal(t, eventstore.AtCommit(7), machinery.Checkpoint{Position: eventstore.NewPosition(9, 8), Last: mark, UpdatedAt: time.Time{}}.Told())
	equal(t, eventstore.AtCommit(9), machinery.Checkpoint{Position: eventstore.AtCommit(9)}.Told())
	if _, err := machinery.ParseMark("7 x"); err == nil {
		t.Error("nonsense is read as a mark")
	}
}
