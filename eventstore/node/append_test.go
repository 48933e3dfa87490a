package node

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
)

const (
	any_   = eventstore.Any
	none   = eventstore.NoStream
	exists = eventstore.StreamExists
)

// TestExpected has a line for each expectation about each state of a stream.
func TestExpected(t *testing.T) {
	const stream = "thing-1"
	never := func(*testing.T, *Log) {}
	three := func(t *testing.T, l *Log) { add(t, l, stream, none, events(1, 3)...) }
	soft := func(t *testing.T, l *Log) {
		three(t, l)
		_, err := l.Delete(t.Context(), stream, any_)
		must(t, err)
	}
	gone := func(t *testing.T, l *Log) {
		three(t, l)
		_, err := l.Tombstone(t.Context(), stream, any_)
		must(t, err)
	}
	described := func(t *testing.T, l *Log) {
		add(t, l, "$$"+stream, none, eventstore.Event{ID: id(90), Type: index.TypeMetadata, Data: []byte(`{}`)})
	}
	const conflict, deleted = int64(-100), int64(-200)
	for _, c := range []struct {
		name     string
		before   func(*testing.T, *Log)
		expected eventstore.Expected
		append   []eventstore.Event
		want     int64 // revision, or what went wrong
	}{
		{"any, never written", never, any_, events(10, 2), 1},
		{"none, never written", never, none, events(10, 2), 1},
		{"exists, never written", never, exists, events(10, 2), conflict},
		{"exists, never written but described", described, exists, events(10, 2), 1},
		{"revision, never written", never, 0, events(10, 2), conflict},
		{"any, written", three, any_, events(10, 1), 3},
		{"none, written", three, none, events(10, 1), conflict},
		{"exists, written", three, exists, events(10, 1), 3},
		{"the last revision", three, 2, events(10, 1), 3},
		{"a revision to come", three, 3, events(10, 1), conflict},
		{"an old revision", three, 1, events(10, 1), conflict},
		{"no events, the last revision", three, 2, nil, 2},
		{"no events, an old revision", three, 1, nil, conflict},
		{"no events, any, never written", never, any_, nil, -1},
		{"repeated with none", three, none, events(1, 3), 2},
		{"repeated with a revision", three, 0, events(2, 2), 2},
		{"repeated, the beginning only", three, none, events(1, 2), 1},
		{"repeated, and one more", three, none, events(1, 4), conflict},
		{"repeated, the second differs", three, none, []eventstore.Event{event(1), event(9)}, conflict},
		{"repeated with any", three, any_, events(1, 3), 2},
		{"repeated with exists", three, exists, events(2, 1), 1},
		{"repeated with any, in part", three, any_, events(3, 2), conflict},
		{"any, soft-deleted", soft, any_, events(10, 1), 3},
		{"none, soft-deleted", soft, none, events(10, 1), 3},
		{"exists, soft-deleted", soft, exists, events(10, 1), deleted},
		{"the last revision, soft-deleted", soft, 2, events(10, 1), 3},
		{"an old revision, soft-deleted", soft, 1, events(10, 1), conflict},
		{"any, tombstoned", gone, any_, events(10, 1), deleted},
		{"none, tombstoned", gone, none, events(10, 1), deleted},
		{"exists, tombstoned", gone, exists, events(10, 1), deleted},
		{"repeated, tombstoned", gone, none, events(1, 3), deleted},
		{"a revision to come, tombstoned", gone, 9, events(10, 1), deleted},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := open(t, t.TempDir())
			c.before(t, l)
			head := l.Head()
			r, err := l.Append(t.Context(), stream, c.expected, c.append...)
			got := r.Revision
			if ce, ok := errors.AsType[*eventstore.ConflictError](err); ok {
				got = conflict
				info, err := l.StreamInfo(t.Context(), stream)
				must(t, err)
				if want := (eventstore.ConflictError{Stream: stream, Expected: c.expected, Actual: info.Last}); *ce != want {
					t.Errorf("conflict %+v, want %+v", *ce, want)
				}
			} else if errors.Is(err, eventstore.ErrStreamDeleted) {
				got = deleted
			} else if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
			if got < 0 && l.Head() != head {
				t.Error("something was written all the same")
			}
			must(t, l.Verify(t.Context(), nil))
		})
	}
}

func TestRepeatedAnswersTheFirstReceipt(t *testing.T) {
	dir := t.TempDir()
	l := open(t, dir)
	first := add(t, l, "a-1", none, events(1, 3)...)
	add(t, l, "b-1", none, event(9))
	want := eventstore.Receipt{Stream: "a-1", Revision: 2, Position: eventstore.AtCommit(3)}
	for _, expected := range []eventstore.Expected{none, any_} {
		if d := cmp.Diff(want, add(t, l, "a-1", expected, events(1, 3)...)); d != "" || first != want {
			t.Error(d)
		}
	}
	must(t, l.Close())
	l = open(t, dir)
	if d := cmp.Diff(want, add(t, l, "a-1", any_, events(1, 3)...)); d != "" {
		t.Errorf("after a restart: %s", d)
	}
	if r := add(t, l, "b-1", any_, events(1, 1)...); r.Revision != 1 {
		t.Errorf("the id is another stream's: %+v", r)
	}
}

func TestBadInput(t *testing.T) {
	l := openWith(t, Options{Dir: t.TempDir(), MaxAppendSize: 100})
	large := event(1)
	large.Data = []byte(strings.Repeat("x", 100))
	fits := event(2)
	fits.Data = []byte(strings.Repeat("x", 100-len(fits.Type)-len(fits.Metadata)))
	for _, c := range []struct {
		name, stream string
		expected     eventstore.Expected
		event        eventstore.Event
		want         error
	}{
		{"no stream", "", any_, event(1), log.ErrInvalid},
		{"a stream that is no text", "a\xff", any_, event(1), log.ErrInvalid},
		{"a stream with a zero", "a\x00b", any_, event(1), log.ErrInvalid},
		{"a long stream", strings.Repeat("s", log.MaxNameBytes+1), any_, event(1), log.ErrInvalid},
		{"no type", "a", any_, eventstore.Event{ID: id(1)}, log.ErrInvalid},
		{"no id", "a", any_, eventstore.Event{ID: uuid.Nil, Type: "x"}, log.ErrInvalid},
		{"a tombstone", "a", any_, eventstore.Event{ID: id(1), Type: index.TypeStreamDeleted}, log.ErrInvalid},
		{"no such expectation", "a", -3, event(1), log.ErrInvalid},
		{"too large", "a", any_, large, eventstore.ErrTooLarge},
		{"just fits", "a", any_, fits, nil},
		{"a virtual stream", "$ce-a", any_, event(1), log.ErrVirtualStream},
		{"a virtual stream of types", "$et-a", any_, event(1), log.ErrVirtualStream},
		{"the stream of streams", "$streams", any_, event(1), log.ErrVirtualStream},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := l.Append(t.Context(), c.stream, c.expected, c.event); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if _, err := l.Tombstone(t.Context(), "$$a", any_); !errors.Is(err, log.ErrInvalid) {
		t.Errorf("metadata alone: %v", err)
	}
}

func TestPayloadsAreTheLogsOwn(t *testing.T) {
	l := open(t, t.TempDir())
	e := event(1)
	add(t, l, "a-1", none, e)
	copy(e.Data, "garbage")
	p, err := l.ReadStream(t.Context(), "a-1", 0, eventstore.Forwards, 1)
	must(t, err)
	want := []eventstore.Recorded{{Event: event(1), Stream: "a-1", Position: eventstore.AtCommit(1), Created: noon}}
	if d := cmp.Diff(want, p.Events); d != "" {
		t.Error(d)
	}
}

// TestBatch puts many appends into one transaction: only the wrong ones are refused, and
// each sees what those before it wrote.
func TestBatch(t *testing.T) {
	l := open(t, t.TempDir())
	type answer struct {
		Revision int64
		Conflict bool
	}
	var got []answer
	var batch []eventstore.Append
	ask := func(stream string, expected eventstore.Expected, e ...eventstore.Event) {
		batch = append(batch, eventstore.Append{Stream: stream, Expected: expected, Events: e})
	}
	ask("a-1", none, event(1))
	ask("a-1", none, event(2)) // lost the race
	ask("a-1", 0, event(3))
	ask("b-1", 5, event(4)) // never written
	ask("a-1", any_, event(3))
	ask("b-1", none, event(5), event(6))
	ask("a-1", none, event(1)) // repeated
	inOneBatch(l, batch, func(r eventstore.Receipt, err error) { got = append(got, answer{r.Revision, err != nil}) })
	want := []answer{{0, false}, {0, true}, {1, false}, {0, true}, {1, false}, {1, false}, {0, false}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if l.Head() != eventstore.AtCommit(4) {
		t.Errorf("head %s", l.Head())
	}
	must(t, l.Verify(t.Context(), nil))
}
