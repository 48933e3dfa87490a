package node

import (
	"syscall"
	"testing"
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
