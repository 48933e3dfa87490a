package node

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// all reads the whole log, system events included.
func all(t testing.TB, l *Log) (out []eventstore.Recorded) {
	t.Helper()
	q := log.AllQuery{System: true}
	for end := false; !end; {
		p, err := l.ReadAll(t.Context(), q)
		must(t, err)
		out = append(out, p.Events...)
		q.Beyond, end = p.Next, p.AtEnd
	}
	return out
}

func TestReopened(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	addAll(t, l, 1500, func(i uint64) (string, eventstore.Event) { return fmt.Sprintf("a-%d", i%40), event(i) })
	describe(t, l, "a-1", `{"$maxCount":2}`)
	before := all(t, l)
	head, err := l.Store().Head(t.Context())
	must(t, err)
	must(t, l.Close())
	l = open(t, dir)
	if d := cmp.Diff(before, all(t, l)); d != "" {
		t.Error(d)
	}
	if got, err := l.Store().Head(t.Context()); err != nil || got != head || head != eventstore.AtCommit(1500) {
		t.Errorf("head %s, was %s: %v", got, head, err)
	}
	for _, c := range [][3]int64{{0, 9999, 1500}, {0, 10, 10}, {1000, 9999, 500}, {1500, 9999, 0}, {1501, 9, 0}} {
		if n, err := l.Store().Behind(t.Context(), eventstore.AtCommit(uint64(c[0])), c[1]); err != nil || n != c[2] {
			t.Errorf("behind %d: %d, want %d: %v", c[0], n, c[2], err)
		}
	}
	must(t, l.Verify(t.Context(), nil))
}

func TestClosed(t *testing.T) {
	l := open(t, t.TempDir())
	add(t, l, "a-1", none, event(1))
	subscribed, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for d, err := range l.Store().Subscribe(context.Background(), eventstore.Position{}, eventstore.Filter{}) {
			if err != nil {
				ended <- err
			}
			if d.CaughtUp {
				close(subscribed)
			}
		}
	}()
	<-subscribed
	must(t, l.Close())
	must(t, l.Close())
	_, appending := l.Append(t.Context(), "a-1", any_, event(2))
	_, reading := l.ReadStream(t.Context(), "a-1", 0, eventstore.Forwards, 1)
	_, all := l.ReadAll(t.Context(), log.AllQuery{})
	for _, err := range []error{<-ended, appending, reading, all} {
		if !errors.Is(err, logfile.ErrClosed) || !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
	}
}

// TestTwoProcesses starts this test again as the second process.
func TestTwoProcesses(t *testing.T) {
	if dir := os.Getenv("NODE_TEST_SECOND"); dir != "" {
		if _, err := Open(t.Context(), Options{Dir: dir}); !errors.Is(err, logfile.ErrInUse) {
			t.Errorf("writing: %v", err)
		}
		l, err := OpenReadOnly(t.Context(), Options{Dir: dir})
		must(t, err)
		if n := len(all(t, l)); n != 2 {
			t.Errorf("%d events", n)
		}
		must(t, l.Verify(t.Context(), nil))
		if _, err := l.Append(t.Context(), "a-1", any_, event(3)); !errors.Is(err, log.ErrReadOnly) {
			t.Errorf("appending: %v", err)
		}
		must(t, l.Close())
		return
	}
	dir := t.TempDir()
	l := open(t, dir)
	add(t, l, "a-1", none, events(1, 2)...)
	second := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTwoProcesses$")
	second.Env = append(os.Environ(), "NODE_TEST_SECOND="+dir)
	if out, err := second.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	add(t, l, "a-1", 1, event(3))
}

func TestReadOnlyFollowsTheWriter(t *testing.T) {
	dir := t.TempDir()
	if _, err := OpenReadOnly(t.Context(), Options{Dir: dir}); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("no log: %v", err)
	}
	w := open(t, dir)
	add(t, w, "a-1", none, event(1))
	r, err := OpenReadOnly(t.Context(), Options{Dir: dir})
	must(t, err)
	for i := range int64(3) {
		e := event(uint64(i) + 2)
		e.Type = fmt.Sprint("new-type-", i)
		add(t, w, "a-1", eventstore.Expected(i), e)
		if d := cmp.Diff(all(t, w), all(t, r)); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(whole(t, w, "a-1"), whole(t, r, "a-1")); d != "" {
			t.Error(d)
		}
		if head, err := r.Store().Head(t.Context()); err != nil || head != w.Head() {
			t.Errorf("head %s, the writer's %s: %v", head, w.Head(), err)
		}
	}
	must(t, r.Close())
}

// TestReadOnlyFolder: a log on a read-only disk can be read and verified. A link to
// nowhere is in the way of the file that SQLite would make, for root may write everywhere.
func TestReadOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	w := open(t, dir)
	add(t, w, "a-1", none, event(1))
	want := all(t, w)
	must(t, w.Close())
	must(t, os.Symlink(filepath.Join(dir, "nowhere", "shm"), filepath.Join(dir, logfile.Name+"-shm")))
	r, err := OpenReadOnly(t.Context(), Options{Dir: dir})
	must(t, err)
	if d := cmp.Diff(want, all(t, r)); d != "" {
		t.Error(d)
	}
	must(t, r.Verify(t.Context(), nil))
	must(t, r.Close())
}

// TestNoGaps has readers watch the head while many write: each sees every position in order.
func TestNoGaps(t *testing.T) {
	const writers, each = 16, 60
	l := openWith(t, Options{Dir: t.TempDir(), TailEvents: 20})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			next := logfile.Place(1)
			for d, err := range l.Store().Subscribe(t.Context(), eventstore.Position{}, eventstore.Filter{}) {
				if err != nil {
					t.Error(err)
					return
				}
				if !d.IsEvent {
					continue
				}
				if d.Position != next.Position() || d.Event.Position != next.Position() {
					t.Errorf("position %s after %d", d.Position, next-1)
					return
				}
				if next++; next > writers*each {
					return
				}
			}
		})
	}
	for w := range uint64(writers) {
		wait.Go(func() {
			for i := range uint64(each) {
				stream := fmt.Sprintf("a-%d", i%5)
				r, err := l.Append(t.Context(), stream, any_, event(w*1000+i))
				if err != nil {
					t.Error(err)
					return
				}
				p, err := l.ReadStream(t.Context(), stream, r.Revision, eventstore.Forwards, 1)
				if err != nil || len(p.Events) != 1 || p.Events[0].Position != r.Position {
					t.Errorf("its own write was not there: %+v %v", p, err)
				}
			}
		})
	}
	wait.Wait()
	must(t, l.Verify(t.Context(), nil))
}

// TestDiskFull bounds the file, fills it, and gives room again.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	add(t, l, "a-1", none, event(1))
	must(t, l.file.Writer().Exec("PRAGMA max_page_count=60"))
	large := func(n uint64) eventstore.Event {
		e := event(n)
		e.Data = []byte(strings.Repeat("x", 10_000))
		return e
	}
	acknowledged := map[uint64]eventstore.Position{}
	full := 0
	for n := uint64(2); full < 3; n++ {
		r, err := l.Append(t.Context(), fmt.Sprintf("b-%d", n), none, large(n))
		if err == nil {
			acknowledged[n] = r.Position
			continue
		}
		if full++; !errors.Is(err, eventstore.ErrUnavailable) || !strings.Contains(err.Error(), "no space") {
			t.Errorf("got %v", err)
		}
	}
	// What fits still goes, even beside what does not.
	var got []bool
	unheard := large(100)
	unheard.Type = "unheard.v1" // its name is undone with it
	var batch []eventstore.Append
	for _, e := range []eventstore.Event{unheard, event(101), large(102), event(103)} {
		batch = append(batch, eventstore.Append{Stream: "a-1", Expected: any_, Events: []eventstore.Event{e}})
	}
	inOneBatch(l, batch, func(_ eventstore.Receipt, err error) { got = append(got, err == nil) })
	if d := cmp.Diff([]bool{false, true, false, true}, got); d != "" {
		t.Error(d)
	}
	must(t, l.file.Writer().Exec("PRAGMA max_page_count=100000"))
	unheard.ID = id(200)
	r := add(t, l, "a-1", 2, unheard)
	if want := logfile.Place(len(acknowledged) + 4).Position(); r.Position != want {
		t.Errorf("position %s, want %s", r.Position, want)
	}
	must(t, l.Close())
	l = open(t, dir)
	stored := all(t, l)
	for n, position := range acknowledged {
		if e := stored[logfile.PlaceOf(position)-1]; e.ID != id(n) {
			t.Errorf("event %d is not at position %s", n, position)
		}
	}
	must(t, l.Verify(t.Context(), nil))
}

func TestBackup(t *testing.T) {
	l := open(t, t.TempDir())
	add(t, l, "a-1", none, events(1, 3)...)
	restored := t.TempDir()
	path := filepath.Join(restored, logfile.Name)
	position, err := l.Backup(t.Context(), path)
	must(t, err)
	want := all(t, l)
	if position != eventstore.AtCommit(3) {
		t.Errorf("position %s", position)
	}
	add(t, l, "a-1", 2, event(4))
	if _, err := l.Backup(t.Context(), path); !errors.Is(err, os.ErrExist) {
		t.Errorf("twice: %v", err)
	}
	copied := open(t, restored)
	if d := cmp.Diff(want, all(t, copied)); d != "" {
		t.Error(d)
	}
	must(t, copied.Verify(t.Context(), nil))
	add(t, copied, "a-1", 2, event(9))
}

// TestDamage changes a closed file in one way at a time.
func TestDamage(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		opens     bool // the cheap check at the start need not see it
	}{
		{"an old event is missing", "DELETE FROM events WHERE pos=5", true},
		{"a new event is missing", "DELETE FROM events WHERE pos=1190", false},
		{"a stream is missing", "DELETE FROM streams WHERE name='a-7'", false},
		{"a revision changed", "UPDATE events SET rev=900 WHERE pos=1200", false},
		{"an old revision changed", "UPDATE events SET rev=900 WHERE pos=7", true},
		{"a type changed to one that is not", "UPDATE events SET type=99 WHERE pos=7", true},
		{"a count changed", "UPDATE events SET shown=shown+1 WHERE pos=7", true},
		{"links are missing", "DELETE FROM links WHERE kind=1", true},
		{"links are wrong", "UPDATE links SET places=(SELECT places FROM links WHERE kind=3), n=1 WHERE kind=1", true},
		{"it is another file", "PRAGMA application_id=1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, dir)
			for i := range uint64(40) {
				add(t, l, fmt.Sprintf("a-%d", i%8), any_, events(i*100, 30)...)
			}
			must(t, l.Close())
			file, err := sqlitex.File{Path: filepath.Join(dir, logfile.Name), Mode: sqlitex.ReadWrite}.Conn()
			must(t, err)
			must(t, file.Exec(c.sql))
			must(t, file.Close())
			l, err = Open(t.Context(), Options{Dir: dir})
			if !c.opens {
				if !errors.Is(err, logfile.ErrCorrupt) {
					t.Errorf("opened: %v", err)
				}
				return
			}
			must(t, err)
			if err := l.Verify(t.Context(), nil); !errors.Is(err, logfile.ErrCorrupt) {
				t.Errorf("verified: %v", err)
			}
			must(t, l.Close())
		})
	}
}

func TestNoLogFile(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, logfile.Name), []byte(strings.Repeat("garbage ", 1000)), 0o600))
	if _, err := Open(t.Context(), Options{Dir: dir}); !errors.Is(err, logfile.ErrCorrupt) {
		t.Errorf("garbage: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	if _, err := Open(t.Context(), Options{Dir: filepath.Join(dir, "file")}); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Errorf("no folder: %v", err)
	}
}

// What is sealed in the log is still nobody else's to copy, whatever the folder's mode.
func TestTheLogIsForItsOwnerOnly(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	for _, name := range []string{logfile.Name, logfile.Name + "-wal", logfile.Name + "-shm"} {
		info, err := os.Stat(filepath.Join(dir, name))
		must(t, err)
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has the mode %o", name, info.Mode().Perm())
		}
	}
	must(t, l.Close())
}
