package node

import (
	"context"
	"encoding/binary"
	"flag"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"sleutelbos/eventstore"
)

func TestMain(m *testing.M) {
	// A check of the model opens a log: ten are enough for every run, the flag asks for more.
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// open opens a log whose clock stands at noon, and closes it with the test.
func open(t testing.TB, dir string) *Log {
	t.Helper()
	return openWith(t, Options{Dir: dir, Now: func() time.Time { return noon }})
}

func openWith(t testing.TB, o Options) *Log {
	t.Helper()
	l, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, l.Close()) })
	return l
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func id(n uint64) uuid.UUID {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[8:], n)
	u[0] = 1
	return u
}

// event returns an event whose id, type and data follow from a number.
func event(n uint64) eventstore.Event {
	return eventstore.Event{ID: id(n), Type: "thing.happened.v1", Data: []byte(`{"n":1}`), Metadata: []byte(`{"by":"me"}`)}
}

func events(from, n uint64) []eventstore.Event {
	var out []eventstore.Event
	for i := range n {
		out = append(out, event(from+i))
	}
	return out
}

func add(t testing.TB, l *Log, stream string, expected eventstore.Expected, e ...eventstore.Event) eventstore.Receipt {
	t.Helper()
	r, err := l.Append(t.Context(), stream, expected, e...)
	must(t, err)
	return r
}

// addAll appends single events in their order, without waiting for each: a disk is slow.
func addAll(t testing.TB, l *Log, n uint64, make func(i uint64) (stream string, e eventstore.Event)) {
	t.Helper()
	var wait sync.WaitGroup
	for i := range n {
		stream, e := make(i)
		wait.Add(1)
		l.AppendAsync(eventstore.Append{Stream: stream, Expected: any_, Events: []eventstore.Event{e}}, func(_ eventstore.Receipt, err error) {
			if err != nil {
				t.Error(err)
			}
			wait.Done()
		})
	}
	wait.Wait()
}

// inOneBatch makes appends that are all queued before the first of them is looked at, so that
// they share a transaction. It returns when each is answered.
func inOneBatch(l *Log, appends []eventstore.Append, answered func(eventstore.Receipt, error)) {
	queued := make(chan struct{})
	l.AppendAsync(eventstore.Append{Stream: "nothing", Expected: any_}, func(eventstore.Receipt, error) { <-queued })
	var wait sync.WaitGroup
	for _, a := range appends {
		wait.Add(1)
		l.AppendAsync(a, func(r eventstore.Receipt, err error) {
			answered(r, err)
			wait.Done()
		})
	}
	close(queued)
	wait.Wait()
}

// whole reads a stream forwards, in pages of 3.
func whole(t testing.TB, l *Log, stream string) []int64 {
	t.Helper()
	var revisions []int64
	for next, end := int64(0), false; !end; {
		p, err := l.ReadStream(t.Context(), stream, next, eventstore.Forwards, 3)
		must(t, err)
		for _, e := range p.Events {
			revisions = append(revisions, e.Revision)
		}
		next, end = p.Next, p.AtEnd
	}
	return revisions
}
