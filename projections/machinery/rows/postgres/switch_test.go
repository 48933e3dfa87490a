package postgres

import (
	"errors"
	"testing"
	"time"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// TestF20_ASlowReaderHoldsNobodyUp: somebody reads the live table for a long time while a new one is
// to take its place. The new one waits, and nobody waits for it.
func TestF20_ASlowReaderHoldsNobodyUp(t *testing.T) {
	db := open(t, postgrestest.URL(t))
	def := machinery.Definition{Name: "things_v1", Columns: []machinery.Column{{Name: "id", Kind: machinery.Text}}}
	build := func() {
		t.Helper()
		if err := errors.Join(db.Create(t.Context(), def, "things_v1__rebuild"), db.Finish(t.Context(), def, "things_v1__rebuild")); err != nil {
			t.Fatal(err)
		}
	}
	change := func() error { return db.Switch(t.Context(), def, "things_v1__rebuild", machinery.Checkpoint{}) }
	build()
	if err := change(); err != nil {
		t.Fatal(err)
	}
	build()
	reading, err := db.readers.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reading.Exec(t.Context(), "SELECT id FROM things_v1"); err != nil {
		t.Fatal(err)
	}
	changed := make(chan error, 1)
	go func() { changed <- change() }()
	for began := time.Now(); time.Since(began) < 500*time.Millisecond; {
		asked := time.Now()
		if _, err := db.readers.Exec(t.Context(), "SELECT id FROM things_v1"); err != nil || time.Since(asked) > 2*time.Second {
			t.Fatalf("another reader: %v after %s", err, time.Since(asked))
		}
	}
	if err := <-changed; !errors.Is(err, machinery.ErrHeld) {
		t.Errorf("the switch beside a reader: %v", err)
	}
	if err := reading.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := change(); err != nil {
		t.Errorf("the switch when the reader has gone: %v", err)
	}
}
