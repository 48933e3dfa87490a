package audit_test

import (
	"os"
	"path/filepath"
	"testing"

	"sleutelbos/eventstore/audit"
)

// TestPublicKeyIsWrittenOnce: a start must not need room on the disk for what is there.
func TestPublicKeyIsWrittenOnce(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keys", "seal.pub")
	first, err := audit.LoadOrMakeKey(t.Context(), dir, &store{})
	must(t, err)
	before, err := os.Stat(path)
	must(t, err)
	_, err = audit.LoadOrMakeKey(t.Context(), dir, &store{})
	must(t, err)
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("it was written again: %v", err)
	}
	must(t, os.WriteFile(path, []byte("another\n"), 0o600))
	_, err = audit.LoadOrMakeKey(t.Context(), dir, &store{})
	must(t, err)
	if there, err := os.ReadFile(path); err != nil || string(there) != first.Public+"\n" {
		t.Errorf("%q, %v", there, err)
	}
}
