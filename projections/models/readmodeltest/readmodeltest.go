// Package readmodeltest builds read models from events that a test names, on both rows
// engines, with the real log, machinery and engines beneath them.
package readmodeltest

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/keystest"
	"sleutelbos/eventstore/node"
	"sleutelbos/internal/sqlitex/sealed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/feed"
	"sleutelbos/projections/machinery/rows/postgres"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
	"sleutelbos/projections/machinery/rows/sqlite"
)

// House is a log with read models over it.
type House struct {
	t       *testing.T
	DB      machinery.DB
	Journal eventstore.Journal
	Keys    *keystest.Keys
	runner  *machinery.Runner
	tails   map[string]eventstore.Tail
}

// OnBothEngines runs a test on SQLite and on PostgreSQL.
func OnBothEngines(t *testing.T, tables func() []machinery.Projection, test func(t *testing.T, h *House)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		db, err := sqlite.Open(t.Context(), t.TempDir(), sealed.Key{1})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() }) // the test is over
		test(t, newHouse(t, db, tables()))
	})
	t.Run("postgres", func(t *testing.T) {
		db, err := postgres.Open(t.Context(), postgrestest.URL(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() }) // the test is over
		test(t, newHouse(t, db, tables()))
	})
}

func newHouse(t *testing.T, db machinery.DB, tables []machinery.Projection) *House {
	t.Helper()
	log, err := node.Open(t.Context(), node.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() }) // the test is over
	h := &House{t: t, DB: db, Keys: keystest.New(), tails: map[string]eventstore.Tail{}}
	h.Journal = eventstore.Journal{Store: log.Store(), Registry: catalog.New(), Keys: h.Keys}
	quiet := slog.New(slog.DiscardHandler)
	h.runner, err = machinery.NewRunner(machinery.Options{
		Store: log.Store(), Registry: h.Journal.Registry, Keys: h.Keys, DB: db, Tables: tables, Logger: quiet,
		Subscriber: &feed.Subscriber{Store: log.Store(), Logger: quiet},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Put appends events to a stream, as done by an actor of that id in an organization.
func (h *House) Put(stream, actor, organization string, at time.Time, events ...any) {
	h.t.Helper()
	drafts := make([]eventstore.Draft, len(events))
	for i, e := range events {
		drafts[i] = eventstore.Draft{ID: uuid.New(), Event: e}
	}
	envelope := eventstore.Envelope{
		Actor: eventstore.Actor{Kind: eventstore.ActorAccount, ID: actor, Name: "Name of " + actor}, Organization: organization,
		Origin: eventstore.Origin{Channel: "api", Address: "192.0.2.1", UserAgent: "test"}, OccurredAt: at,
	}
	written, err := h.Journal.Append(h.t.Context(), stream, h.tails[stream], envelope, drafts...)
	if err != nil {
		h.t.Fatal(err)
	}
	h.tails[stream] = written.Tail
}

// Build makes the read models from all that was put.
func (h *House) Build() {
	h.t.Helper()
	for _, name := range h.runner.Names() {
		if err := h.runner.Rebuild(h.t.Context(), name, func(machinery.Progress) {}); err != nil {
			h.t.Fatalf("build %s: %v", name, err)
		}
	}
}
