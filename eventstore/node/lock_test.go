package node

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestLockOfAClosedLog copies the lock's file, as the start of any process does for a
// moment: the log can be opened again all the same.
func TestLockOfAClosedLog(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	held, err := syscall.Dup(int(l.lock.Fd()))
	must(t, err)
	defer func() { must(t, syscall.Close(held)) }()
	must(t, l.Close())
	must(t, open(t, dir).Close())
}

// TestLockOfAProcessThatIsGoing is free a moment after the next one asks for it.
func TestLockOfAProcessThatIsGoing(t *testing.T) {
	dir := t.TempDir()
	must(t, open(t, dir).Close())
	going, err := os.Open(filepath.Join(dir, lockName))
	must(t, err)
	must(t, syscall.Flock(int(going.Fd()), syscall.LOCK_EX))
	let := time.AfterFunc(100*time.Millisecond, func() { _ = going.Close() }) // of a file that was only read
	defer let.Stop()
	must(t, open(t, dir).Close())
}
