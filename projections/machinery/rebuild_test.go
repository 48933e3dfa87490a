package machinery_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// write appends from many sides until it is told to stop, and returns where the log ends.
func (b *bench) write(writers int) (stop func() eventstore.Position) {
	done := make(chan struct{})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				stream := fmt.Sprintf("account-%d.%d", w, n%20)
				events := []any{counted{1}}
				if n%20 == n {
					events = []any{made{fmt.Sprintf("person %d", n)}, counted{1}}
				}
				if n%37 == 36 {
					events = []any{gone{}, made{"again"}}
				}
				if _, err := appendTo(b.journal, stream, events...); err != nil {
					b.t.Error(err)
					return
				}
			}
		})
	}
	stop = sync.OnceValue(func() eventstore.Position {
		close(done)
		all.Wait()
		head, err := b.journal.Store.Head(context.Background())
		must(b.t, err)
		return head
	})
	b.t.Cleanup(func() { stop() })
	return stop
}

func TestRebuildWhileClientsWrite(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, _ := b.run(b.options())
		stop := b.write(16)
		b.wait(r, eventstore.AtCommit(200))
		for range 3 {
			for _, name := range r.Names() {
				must(t, r.Rebuild(t.Context(), name, nil))
			}
		}
		at := stop()
		b.wait(r, at)
		rows := b.things()
		b.verified(r, r.Names()...)
		for _, name := range r.Names() {
			must(t, r.Rebuild(t.Context(), name, nil))
			equal(t, at, b.status(r, name).Position)
		}
		equal(t, rows, b.things())
		n, err := machinery.Get[int64](t.Context(), b.db, "SELECT count(*) FROM history_v1")
		must(t, err)
		equal(t, int64(at.Commit()), n) // each event is there once
	})
}

// outrun is a log that grows by more than a rebuild waits for whenever somebody looks where
// it ends.
type outrun struct {
	eventstore.Store
	journal eventstore.Journal
	mu      sync.Mutex
}

func (s *outrun) Head(context.Context) (eventstore.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := make([]any, 600)
	for i := range events {
		events[i] = counted{1}
	}
	return appendTo(s.journal, "account-1", events...)
}

// TestRebuildOutrun: clients that write quicker than a rebuild reads don't keep it from
// its end.
func TestRebuildOutrun(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.append("account-1", made{"Anna"})
		o := b.options()
		o.Store = &outrun{Store: b.journal.Store, journal: b.journal}
		r, _ := b.run(o)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		must(t, r.Rebuild(ctx, thingTable, nil))
		head, err := b.journal.Store.Head(ctx)
		must(t, err)
		b.wait(r, head)
		b.verified(r, thingTable)
	})
}

// TestRebuildInAnotherProcess can't pause the live projection: its lock is elsewhere.
func TestRebuildInAnotherProcess(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, _ := b.run(b.options())
		stop := b.write(4)
		b.wait(r, eventstore.AtCommit(200))
		o := b.options()
		o.DB = b.open()
		other, err := machinery.NewRunner(o)
		must(t, err)
		var last machinery.Progress
		rebuildErr := other.Rebuild(t.Context(), thingTable, func(p machinery.Progress) { last = p })
		at := stop()
		must(t, rebuildErr)
		if last.EventsDone < 200 || last.EventsDone != last.EventsTotal || last.PerSecond <= 0 || last.Left != 0 {
			t.Fatalf("the last progress is not of the end: %+v", last)
		}
		b.wait(r, at)
		b.verified(other, other.Names()...)
	})
}

func TestOneRebuildAtATime(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		b.append("account-1", made{"Anna"})
		r, _ := b.run(b.options())
		b.wait(r, eventstore.AtCommit(1))
		lock, ok, err := b.db.TryLock(t.Context(), "rebuild "+thingTable)
		must(t, err)
		equal(t, true, ok)
		wantError(t, machinery.ErrBusy, r.Rebuild(t.Context(), thingTable, nil))
		_, err = r.Verify(t.Context(), thingTable, nil)
		wantError(t, machinery.ErrBusy, err)
		lock.Release()
		b.verified(r, thingTable)
		var unknown *machinery.UnknownProjectionError
		if err := r.Rebuild(t.Context(), "no_such_v1", nil); !errors.As(err, &unknown) {
			t.Fatal("want *UnknownProjectionError, got", err)
		}
	})
}

// TestInterruptedRebuild leaves the live table as it was, and can be begun again.
func TestInterruptedRebuild(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, _ := b.run(b.options())
		var at eventstore.Position
		for i := range 50 {
			at = b.append(fmt.Sprintf("account-%d", i), made{"x"})
		}
		b.wait(r, at)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		wantError(t, context.Canceled, r.Rebuild(ctx, thingTable, nil))
		// What a process that was killed leaves behind:
		beside := thingTable + "__rebuild"
		def := machinery.Definition{Name: thingTable, Columns: []machinery.Column{{Name: "id", Kind: machinery.Text}}}
		must(t, b.db.Create(t.Context(), def, beside))
		equal(t, 50, len(b.things()))
		must(t, r.Rebuild(t.Context(), thingTable, nil))
		if _, ok, err := b.db.Table(t.Context(), beside); ok || err != nil {
			t.Fatal("something is left over", err)
		}
		b.wait(r, b.append("account-0", counted{1}))
		b.verified(r, thingTable)
	})
}

func TestChangedSchemaIsBuiltAnew(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		o := b.options()
		o.Tables = []machinery.Projection{things(thingTable, "")}
		r, end := b.run(o)
		at := b.append("account-1", made{"Anna"}, counted{2})
		b.wait(r, at)
		end()
		before, _, err := b.db.Table(t.Context(), thingTable)
		must(t, err)
		r, _ = b.run(b.options())
		b.wait(r, at)
		after, _, err := b.db.Table(t.Context(), thingTable)
		must(t, err)
		if before.Fingerprint == after.Fingerprint {
			t.Fatal("the table is the old one")
		}
		equal(t, []thing{{ID: "1", Name: "Anna", Count: 2, Last: noon, Revision: 1}}, b.things())
		b.wait(r, b.append("account-1", counted{1}))
	})
}

func TestPrepareMakesEmptyTables(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, err := machinery.NewRunner(b.options())
		must(t, err)
		must(t, r.Prepare(t.Context()))
		equal(t, 0, len(b.things()))
	})
}

func TestVerifyNamesWhatDiffers(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		r, end := b.run(b.options())
		for i := range 5 {
			b.append(fmt.Sprintf("account-%d", i), made{"x"}, counted{1})
		}
		at := b.append("note-1", noted{"x"})
		b.wait(r, at)
		end() // its checkpoint is stored now
		def := machinery.Definition{Name: thingTable, Columns: []machinery.Column{
			{Name: "id", Kind: machinery.Text}, {Name: "name", Kind: machinery.Text}, {Name: "count", Kind: machinery.Int},
			{Name: "last", Kind: machinery.Time}, {Name: "revision", Kind: machinery.Int}}}
		must(t, b.db.Apply(t.Context(), machinery.Change{
			Definition: def, Physical: thingTable, From: at, To: machinery.Checkpoint{Position: at},
			Upserts: [][]any{{"3", "x", int64(7), "", int64(1)}, {"35", "extra", int64(7), "", int64(1)}},
			Deletes: []any{"0", "4"},
		}))
		report, err := r.Verify(t.Context(), thingTable, nil)
		must(t, err)
		equal(t, machinery.Report{Name: thingTable, Position: at, Rows: 4, Differences: []machinery.Difference{
			{Key: "0", Missing: true}, {Key: "3", Columns: []string{"count", "last"}}, {Key: "35", Extra: true}, {Key: "4", Missing: true},
		}}, report)
		must(t, r.Rebuild(t.Context(), thingTable, nil))
		b.verified(r, r.Names()...)
	})
}

// TestMoreRowsThanFit rebuilds with less memory than there are rows, which change again
// long after they were written and forgotten.
func TestMoreRowsThanFit(t *testing.T) {
	engines(t, func(t *testing.T, b *bench) {
		const events, rows = 10_000, 6000
		for from := 0; from < events; from += 500 {
			some := make([]any, 500)
			for i := range some {
				some[i] = noted{fmt.Sprint((from + i) % rows)}
			}
			b.append("note-1", some...)
		}
		table := machinery.NewTable[tally]("tally_v1", "")
		machinery.OnKeyed(table, func(e noted, _ eventstore.Record) string { return e.Text }, func(row tally, _ noted, r eventstore.Record) tally {
			row.Times++
			row.At = r.Envelope.OccurredAt
			return row
		})
		o := b.options()
		o.RebuildRows, o.Remember = 1000, 100
		o.Tables = []machinery.Projection{table, history()}
		r, _ := b.run(o)
		b.wait(r, eventstore.AtCommit(events))
		type count struct {
			Times int64 `db:"times"`
			Rows  int64 `db:"rows"`
		}
		got, err := machinery.Select[count](t.Context(), b.db, "SELECT times, count(*) AS rows FROM tally_v1 GROUP BY times ORDER BY times")
		must(t, err)
		equal(t, []count{{1, 2000}, {2, 4000}}, got)
		n, err := machinery.Get[int64](t.Context(), b.db, "SELECT count(*) FROM history_v1")
		must(t, err)
		equal(t, int64(events), n)
		b.verified(r, r.Names()...)
	})
}

type tally struct {
	ID    string    `db:"id"`
	Times int64     `db:"times"`
	At    time.Time `db:"at"`
}
