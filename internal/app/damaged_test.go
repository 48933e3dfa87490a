package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
	"sleutelbos/internal/reach"
)

// TestF56_ADamagedFileIsNamed damages each file that can't be made anew, in turn: the start names that
// one and no other, since an operator may put back what it names. With the file put back it starts.
func TestF56_ADamagedFileIsNamed(t *testing.T) {
	data := t.TempDir()
	open := func() error {
		s := &app.Stores{Places: app.Places{Data: data}, Log: slog.New(slog.DiscardHandler), Now: time.Now, AdjustVault: apptest.Cheap}
		err := s.Open(t.Context(), app.Writing)
		if closed := s.Close(); closed != nil {
			t.Error(closed)
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"log.db", "vault.db", "reactors.db"} {
		path := filepath.Join(data, name)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for what, content := range map[string][]byte{"cut": whole[:len(whole)/2], "zeros": make([]byte, len(whole)), "text": bytes.Repeat([]byte("x"), len(whole))} {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			if got, want := reach.Why(open()), path+": the file is damaged or no database."; got != want {
				t.Errorf("%s, %s: the start says %q, want %q", name, what, got, want)
			}
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := open(); err != nil {
			t.Errorf("%s put back: %v", name, err)
		}
	}
}
