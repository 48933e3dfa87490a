package machinery_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/keystest"
	"sleutelbos/eventstore/node"
	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/feed"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
	"sleutelbos/projections/machinery/rows/sqlite"
)

// A domain of three events, and one of another aggregate.
type (
	made struct {
		Name string `json:"name" personal:"yes"`
	}
	counted struct {
		By int64 `json:"by"`
	}
	gone  struct{}
	noted struct {
		Text string `json:"text"`
	}
)

func registry() *eventstore.Registry {
	r := eventstore.NewRegistry()
	eventstore.Register[made](r, "account.made.v1")
	eventstore.Register[counted](r, "account.counted.v1")
	eventstore.Register[gone](r, "account.gone.v1")
	eventstore.Register[noted](r, "note.noted.v1")
	return r
}

type thing struct {
	ID       string    `db:"id"`
	Name     string    `db:"name,search"`
	Count    int64     `db:"count"`
	Last     time.Time `db:"last"`
	Revision int64     `db:"revision"`
}

const thingSchema = "CREATE INDEX {index}_name ON {table} (name, id);"

// things counts, so that an event taken twice or never shows.
func things(name, schema string) *machinery.Table[thing] {
	t := machinery.NewTable[thing](name, schema)
	machinery.Begins[made](t)
	machinery.On(t, machinery.ByStream, func(row thing, e made, r eventstore.Record) thing {
		row.Name, row.Revision = e.Name, r.Revision
		return row
	})
	machinery.On(t, machinery.ByAccount, func(row thing, e counted, r eventstore.Record) thing {
		row.Count, row.Last, row.Revision = row.Count+e.By, r.Envelope.OccurredAt, r.Revision
		return row
	})
	machinery.Drop(t, func(_ gone, r eventstore.Record) string { return r.AggregateID() })
	return t
}

type note struct {
	ID   string `db:"id"`
	Text string `db:"text"`
}

func notes() *machinery.Table[note] {
	t := machinery.NewTable[note]("note_list_v1", "")
	machinery.OnKeyed(t, func(e noted, r eventstore.Record) string { return r.AggregateID() + e.Text }, func(row note, e noted, _ eventstore.Record) note {
		row.Text = e.Text
		return row
	})
	return t
}

type entry struct {
	Position int64  `db:"position"`
	Type     string `db:"type"`
	Data     []byte `db:"data"`
}

func history() *machinery.Table[entry] {
	t := machinery.NewTable[entry]("history_v1", "")
	machinery.Every(t, machinery.ByPosition, func(row entry, r eventstore.Record) entry {
		row.Type, row.Data = r.Type, r.Data
		return row
	})
	return t
}

const thingTable, noteTable, historyTable = "thing_list_v1", "note_list_v1", "history_v1"

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// bench is a log with a rows engine. Runners come and go on it.
type bench struct {
	t       testing.TB
	journal eventstore.Journal
	db      machinery.DB
	open    func() machinery.DB // another connection to the same rows
}

func engines(t *testing.T, run func(t *testing.T, b *bench)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		run(t, newBench(t, func() machinery.DB { return openSQLite(t, dir) }))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := postgrestest.URL(t)
		run(t, newBench(t, func() machinery.DB { return openPostgres(t, url) }))
	})
}

func newBench(t testing.TB, open func() machinery.DB) *bench {
	log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	b := &bench{t: t, open: open, db: open()}
	b.journal = eventstore.Journal{Store: log.Store(), Registry: registry(), Keys: keystest.New()}
	return b
}

func openSQLite(t testing.TB, dir string) machinery.DB {
	db, err := sqlite.Open(t.Context(), dir, sealed.Key{1})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func openPostgres(t testing.TB, url string) machinery.DB {
	db, err := postgres.Open(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func (b *bench) options() machinery.Options {
	logger := slog.New(slog.NewTextHandler(io.Discard, nil))
	return machinery.Options{
		Store: b.journal.Store, Registry: b.journal.Registry, Keys: b.journal.Keys, DB: b.db,
		Subscriber: subscriberTo(b.journal.Store), Logger: logger, LockRetry: 10 * time.Millisecond,
		Tables: []machinery.Projection{things(thingTable, thingSchema), notes(), history()},
	}
}

func subscriberTo(store eventstore.Store) *feed.Subscriber {
	return &feed.Subscriber{Store: store, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// run starts a runner; it ends with the test or by the function.
func (b *bench) run(o machinery.Options) (*machinery.Runner, func()) {
	b.t.Helper()
	r, err := machinery.NewRunner(o)
	must(b.t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	end := func() {
		cancel()
		if err, ok := <-ended; ok {
			must(b.t, err)
			close(ended)
		}
	}
	b.t.Cleanup(end)
	return r, end
}

func (b *bench) append(stream string, events ...any) eventstore.Position {
	b.t.Helper()
	at, err := appendTo(b.journal, stream, events...)
	must(b.t, err)
	return at
}

func appendTo(j eventstore.Journal, stream string, events ...any) (eventstore.Position, error) {
	ctx := context.Background()
	tail, err := j.TailOf(ctx, stream)
	if err != nil {
		return eventstore.Position{}, err
	}
	drafts := make([]eventstore.Draft, len(events))
	for i, e := range events {
		drafts[i] = eventstore.Draft{ID: uuid.New(), Event: e}
	}
	envelope := eventstore.Envelope{Actor: eventstore.Actor{Kind: eventstore.ActorSystem, ID: "test"}, OccurredAt: noon}
	written, err := j.Append(ctx, stream, tail, envelope, drafts...)
	return written.Position, err
}

// unknown appends an event that no registry knows.
func (b *bench) unknown(stream, typ string) eventstore.Position {
	b.t.Helper()
	receipt, err := b.journal.Store.Append(b.t.Context(), stream, eventstore.Any, eventstore.Event{ID: uuid.New(), Type: typ, Data: []byte("{}"), Metadata: []byte("{}")})
	must(b.t, err)
	return receipt.Position
}

// wayOn returns what an operator is told of an event that nobody can read.
func (b *bench) wayOn(at eventstore.Position) string {
	rec, found, err := b.journal.Store.At(b.t.Context(), at)
	must(b.t, err)
	equal(b.t, true, found)
	return eventstore.WayOn(eventstore.Held(rec), at, rec.ID)
}

func (b *bench) wait(r *machinery.Runner, at eventstore.Position, names ...string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := r.WaitFor(ctx, at, names...); err != nil {
		all, statusErr := r.Status(context.Background())
		b.t.Fatal(err, fmt.Sprintf("%+v", all), statusErr)
	}
	// A table that was just built shows before its lock is released.
	until(b.t, "nothing is being built", func() bool {
		all, err := r.Status(context.Background())
		must(b.t, err)
		return !slices.ContainsFunc(all, func(s machinery.Status) bool { return !s.Reactor && s.State == machinery.StateCatchingUp })
	})
}

func (b *bench) things() []thing {
	b.t.Helper()
	rows, err := machinery.Select[thing](b.t.Context(), b.db, "SELECT id, name, count, last, revision FROM thing_list_v1 ORDER BY id")
	must(b.t, err)
	return rows
}

func (b *bench) status(r *machinery.Runner, name string) machinery.Status {
	b.t.Helper()
	all, err := r.Status(b.t.Context())
	must(b.t, err)
	for _, s := range all {
		if s.Name == name {
			return s
		}
	}
	b.t.Fatal("no status of", name)
	return machinery.Status{}
}

func (b *bench) verified(r *machinery.Runner, names ...string) {
	b.t.Helper()
	for _, name := range names {
		report, err := r.Verify(b.t.Context(), name, nil)
		must(b.t, err)
		equal(b.t, []machinery.Difference(nil), report.Differences)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, want, got error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("want the error %q, got %v", want, got)
	}
}

func equal[T any](t testing.TB, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal("want -, got +:\n" + diff)
	}
}

func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatal("within twenty seconds it never came to pass that ", what)
		}
		time.Sleep(time.Millisecond) // a poll with a deadline
	}
}
