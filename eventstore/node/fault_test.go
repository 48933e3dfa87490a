package node

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

// TestWriteFails starts this test again in a process whose files may not grow beyond a
// size, so that commits fail while they write, and lets them grow again.
func TestWriteFails(t *testing.T) {
	dir := os.Getenv("NODE_TEST_FAULT")
	if dir == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriteFails$")
		child.Env = append(os.Environ(), "NODE_TEST_FAULT="+t.TempDir())
		if out, err := child.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
		return
	}
	signal.Ignore(syscall.SIGXFSZ)
	l := open(t, dir)
	acknowledged := map[uuid.UUID]eventstore.Position{}
	write := func(n uint64) error {
		e := event(n)
		e.Data = []byte(strings.Repeat("x", 3000))
		r, err := l.Append(t.Context(), "a-1", any_, e)
		if err == nil {
			acknowledged[e.ID] = r.Position
		}
		return err
	}
	must(t, write(1))
	wal, err := os.Stat(filepath.Join(dir, logfile.Name+"-wal"))
	must(t, err)
	var before syscall.Rlimit
	must(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	limit := func(size uint64) {
		must(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: before.Max}))
	}
	failures := 0
	for round := range uint64(3) {
		limit(uint64(wal.Size()) + 100_000*(round+1))
		failed := false
		for n := uint64(0); !failed && n < 1000; n++ {
			err := write(1000*(round+1) + n)
			if failed = err != nil; failed {
				failures++
				if !errors.Is(err, eventstore.ErrUnavailable) || !errors.Is(err, eventstore.ErrNotAppended) { // and so it stands below
					t.Errorf("got %v", err)
				}
			}
		}
		limit(before.Cur)
		must(t, write(100_000+round))
	}
	if failures != 3 {
		t.Fatalf("%d failures", failures)
	}
	check := func() {
		t.Helper()
		stored := all(t, l)
		if len(stored) != len(acknowledged) {
			t.Errorf("%d events, %d acknowledged", len(stored), len(acknowledged))
		}
		for _, e := range stored {
			if acknowledged[e.ID] != e.Position {
				t.Errorf("position %s was acknowledged as %s", e.Position, acknowledged[e.ID])
			}
		}
		must(t, l.Verify(t.Context(), nil))
	}
	check()
	must(t, l.Close())
	l = open(t, dir)
	check()
}

// TestReadOnlyDisk takes the right to write away from the file under the log.
func TestReadOnlyDisk(t *testing.T) {
	l := open(t, t.TempDir())
	add(t, l, "a-1", none, event(1))
	must(t, l.file.Writer().Exec("PRAGMA query_only=1"))
	if _, err := l.Append(t.Context(), "a-1", 0, event(2)); !errors.Is(err, eventstore.ErrUnavailable) || !errors.Is(err, eventstore.ErrNotAppended) || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("got %v", err)
	}
	must(t, l.file.Writer().Exec("PRAGMA query_only=0"))
	if r := add(t, l, "a-1", 0, event(2)); r.Position != eventstore.AtCommit(2) {
		t.Errorf("got %+v", r)
	}
}
