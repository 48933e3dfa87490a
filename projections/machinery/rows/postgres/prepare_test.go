package postgres

import (
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/rows/postgres/postgrestest"
)

// TestOpensWhatKeptOneNumber opens a database as it was before positions had two numbers.
func TestOpensWhatKeptOneNumber(t *testing.T) {
	url, at := postgrestest.URL(t), time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	db := open(t, url)
	for _, statement := range []string{
		"ALTER TABLE readmodels.checkpoints DROP COLUMN prepare, DROP COLUMN last_event",
		"INSERT INTO readmodels.checkpoints VALUES ('list_v1', 7, 6, '" + machinery.TimeText(at) + "', 'shape', 3)",
		"ALTER TABLE reactors.checkpoints DROP COLUMN prepare, DROP COLUMN last_event",
		"INSERT INTO reactors.checkpoints VALUES ('mails', 5, '" + machinery.TimeText(at) + "')",
	} {
		if _, err := db.writers.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		db = open(t, url)
		table, found, err := db.Table(t.Context(), "list_v1")
		want := machinery.Standing{Fingerprint: "shape", Checkpoint: machinery.Checkpoint{Position: eventstore.AtCommit(7), EventsDone: 6, UpdatedAt: at}}
		if table != want || !found || err != nil {
			t.Errorf("got %+v, %v, %v", table, found, err)
		}
		mails, found, err := db.ReactorCheckpoint(t.Context(), "mails")
		if want := (machinery.Checkpoint{Position: eventstore.AtCommit(5), UpdatedAt: at}); mails != want || !found || err != nil {
			t.Errorf("got %+v, %v, %v", mails, found, err)
		}
	}
}
