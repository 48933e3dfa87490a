package node

import (
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/log"
)

func TestAppendTogether(t *testing.T) {
	l := open(t, t.TempDir())
	store := l.Store()
	both, ok := store.(eventstore.Together)
	if !ok {
		t.Fatal("the log's port offers no appends together")
	}
	pair := func(a, b eventstore.Expected) []eventstore.Append {
		return []eventstore.Append{
			{Stream: "a", Expected: a, Events: []eventstore.Event{benchEvent()}},
			{Stream: "b", Expected: b, Events: []eventstore.Event{benchEvent(), benchEvent()}},
		}
	}
	first := pair(eventstore.NoStream, eventstore.NoStream)
	got, err := both.AppendTogether(t.Context(), first...)
	must(t, err)
	want := []eventstore.Receipt{{Stream: "a", Revision: 0, Position: eventstore.AtCommit(1)}, {Stream: "b", Revision: 1, Position: eventstore.AtCommit(3)}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	t.Run("again", func(t *testing.T) {
		again, err := both.AppendTogether(t.Context(), first...)
		must(t, err)
		if diff := cmp.Diff(want, again); diff != "" {
			t.Fatal(diff)
		}
	})
	for name, refused := range map[string]struct {
		appends []eventstore.Append
		is      func(error) bool
	}{
		"the first is not as expected":  {pair(eventstore.NoStream, 1), conflictOn("a")},
		"the second is not as expected": {pair(0, eventstore.NoStream), conflictOn("b")},
		"a stream twice":                {append(pair(0, 1), pair(1, 3)...), func(err error) bool { return errors.Is(err, log.ErrInvalid) }},
		"a system stream": {append(pair(0, 1), eventstore.Append{Stream: "$$a", Expected: eventstore.Any, Events: []eventstore.Event{benchEvent()}}),
			func(err error) bool { return errors.Is(err, log.ErrInvalid) }},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := both.AppendTogether(t.Context(), refused.appends...); !refused.is(err) {
				t.Fatal(err)
			}
			if head, err := store.Head(t.Context()); err != nil || head != eventstore.AtCommit(3) {
				t.Fatalf("the head is %s, %v: something was written", head, err)
			}
		})
	}
	t.Run("what is too large", func(t *testing.T) {
		half := benchEvent()
		half.Data = append([]byte{'"'}, append(make([]byte, l.options.MaxAppendSize*2/3), '"')...)
		_, err := both.AppendTogether(t.Context(),
			eventstore.Append{Stream: "c", Expected: eventstore.NoStream, Events: []eventstore.Event{half}},
			eventstore.Append{Stream: "d", Expected: eventstore.NoStream, Events: []eventstore.Event{half}})
		if !errors.Is(err, eventstore.ErrTooLarge) {
			t.Fatal(err)
		}
	})
}

// Of many who want the same pair of streams one gets both, and the rest neither.
func TestAppendTogetherRace(t *testing.T) {
	l := open(t, t.TempDir())
	both := l.Store().(eventstore.Together)
	var won atomic.Int64
	var all sync.WaitGroup
	for n := range 32 {
		all.Go(func() {
			own := strconv.Itoa(n)
			_, err := both.AppendTogether(t.Context(),
				eventstore.Append{Stream: own, Expected: eventstore.NoStream, Events: []eventstore.Event{benchEvent()}},
				eventstore.Append{Stream: "wanted", Expected: eventstore.NoStream, Events: []eventstore.Event{benchEvent()}})
			if err == nil {
				won.Add(1)
			} else if !conflictOn("wanted")(err) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if head := l.Head(); won.Load() != 1 || head != eventstore.AtCommit(2) {
		t.Fatalf("%d won, and %s events were written", won.Load(), head)
	}
	for n := range 32 { // who lost may come again
		_, err := l.Append(t.Context(), strconv.Itoa(n), eventstore.Any, benchEvent())
		must(t, err)
	}
	must(t, l.Verify(t.Context(), nil))
}

func conflictOn(stream string) func(error) bool {
	return func(err error) bool {
		c, ok := errors.AsType[*eventstore.ConflictError](err)
		return ok && c.Stream == stream
	}
}
