package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func TestBackupReactors(t *testing.T) {
	dir, to := t.TempDir(), t.TempDir()
	path := filepath.Join(to, reactorsFile)
	if err := BackupReactors(t.Context(), dir, path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("without any: got %v", err)
	}
	at := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	db := open(t, dir)
	if err := db.SaveReactor(t.Context(), "mails", machinery.NeverRan, machinery.Checkpoint{Position: eventstore.AtCommit(7), UpdatedAt: at}); err != nil {
		t.Fatal(err)
	}
	if err := BackupReactors(t.Context(), dir, path); err != nil {
		t.Fatal(err)
	}
	if err := BackupReactors(t.Context(), dir, path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a second time: got %v", err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v", info.Mode(), err)
	}
	got, found, err := open(t, to).ReactorCheckpoint(t.Context(), "mails")
	if want := (machinery.Checkpoint{Position: eventstore.AtCommit(7), UpdatedAt: at}); got != want || !found || err != nil {
		t.Errorf("got %+v, %v, %v", got, found, err)
	}
}
