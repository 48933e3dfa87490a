package sqlite

import (
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// TestOpensWhatKeptOneNumber opens a folder as it was before positions had two numbers.
func TestOpensWhatKeptOneNumber(t *testing.T) {
	dir, at := t.TempDir(), time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	db := open(t, dir)
	for _, statement := range []string{
		"ALTER TABLE checkpoints DROP COLUMN prepare",
		"ALTER TABLE checkpoints DROP COLUMN last_event",
		"INSERT INTO checkpoints VALUES ('list_v1', 7, 6, '" + machinery.TimeText(at) + "', 'shape', 3)",
	} {
		if err := db.writer.once(statement); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range []string{
		"ALTER TABLE reactor_checkpoints DROP COLUMN prepare",
		"ALTER TABLE reactor_checkpoints DROP COLUMN last_event",
		"INSERT INTO reactor_checkpoints VALUES ('mails', 5, '" + machinery.TimeText(at) + "')",
	} {
		if err := db.saves.once(statement); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		db = open(t, dir)
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
