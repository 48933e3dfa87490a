package logfile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func reopen(t *testing.T, dir string) {
	t.Helper()
	f, err := Open(t.Context(), dir)
	must(t, err)
	f.Stop()
	must(t, f.Close())
}

// TestLockOfAClosedLog copies the lock's file, as the start of any process does for a
// moment: the log can be opened again all the same.
func TestLockOfAClosedLog(t *testing.T) {
	dir := t.TempDir()
	f, err := Open(t.Context(), dir)
	must(t, err)
	held, err := syscall.Dup(int(f.lock.Fd()))
	must(t, err)
	defer func() { must(t, syscall.Close(held)) }()
	f.Stop()
	must(t, f.Close())
	reopen(t, dir)
}

// TestLockOfAProcessThatIsGoing is free a moment after the next one asks for it.
func TestLockOfAProcessThatIsGoing(t *testing.T) {
	dir := t.TempDir()
	reopen(t, dir)
	going, err := os.Open(filepath.Join(dir, lockName))
	must(t, err)
	must(t, syscall.Flock(int(going.Fd()), syscall.LOCK_EX))
	let := time.AfterFunc(100*time.Millisecond, func() { _ = going.Close() }) // of a file that was only read
	defer let.Stop()
	reopen(t, dir)
}
