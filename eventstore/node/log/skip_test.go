package log

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open returns the halves of a log that keeps so many of its newest events in memory.
func open(t *testing.T, tailEvents int) (*Appender, *All) {
	t.Helper()
	file, err := logfile.Open(t.Context(), t.TempDir())
	must(t, err)
	memory := NewMemory(tailEvents, 1<<20)
	appender, err := NewAppender(file, memory, time.Now, 1<<20)
	must(t, err)
	t.Cleanup(func() {
		appender.Drain()
		file.Stop()
		must(t, file.Close())
	})
	return appender, NewAll(file, memory)
}

// TestFilterSkips makes a filter rare enough for the links, and compares with looking at all.
func TestFilterSkips(t *testing.T) {
	appender, all := open(t, 50)
	var wait sync.WaitGroup
	for i := range 3000 {
		stream, eventType := fmt.Sprintf("usual-%d", i%50), "usual"
		if i%100 == 3 {
			stream, eventType = fmt.Sprintf("rare-%d", i%7), "seldom.v1"
		}
		if i%400 == 5 {
			eventType = "seldom.v2"
		}
		wait.Add(1)
		e := eventstore.Event{ID: uuid.New(), Type: eventType, Data: []byte(`{"n":1}`)}
		appender.AppendAsync(eventstore.Append{Stream: stream, Expected: eventstore.Any, Events: []eventstore.Event{e}}, func(_ eventstore.Receipt, err error) {
			if err != nil {
				t.Error(err)
			}
			wait.Done()
		})
	}
	wait.Wait()
	for _, filter := range []eventstore.Filter{
		{Types: []string{"seldom"}}, {Types: []string{"seldom.v2", "nothing"}}, {Types: []string{"nothing"}},
		{Streams: []string{"rare-"}}, {Streams: []string{"rare-1", "rare-3"}}, {Streams: []string{"rar"}},
	} {
		read := func(q AllQuery, sparse bool) (positions []eventstore.Position) {
			if got := all.sparse(&q, all.pages.memory.Progress.Head()) != nil; got != sparse {
				t.Errorf("%v: by the links: %v", filter, got)
			}
			for end := false; !end; {
				p, err := all.ReadAll(t.Context(), q)
				must(t, err)
				for _, e := range p.Events {
					positions = append(positions, e.Position)
				}
				q.Beyond, end = p.Next, p.AtEnd
			}
			return positions
		}
		want := read(AllQuery{Filter: filter, System: true}, false)
		for _, q := range []AllQuery{{Limit: 7}, {Limit: 7, Consider: 100}, {Limit: 1000}} {
			q.Filter = filter
			if d := cmp.Diff(want, read(q, filter.Streams == nil || filter.Streams[0] != "rar")); d != "" {
				t.Errorf("%v: %s", filter, d)
			}
		}
	}
}
