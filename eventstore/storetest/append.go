package storetest

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
)

var appends = []sentence{
	{"a stream is numbered from 0 without gaps, and the receipt names the last event", numbered},
	{"what an appender may believe of a stream never written", beliefsOfNone},
	{"what an appender may believe of a stream of three", beliefsOfThree},
	{"a refused append leaves nothing", allOrNothing},
	{"the same events again answer the first receipt", again},
	{"the same events again answer the first receipt when others have followed", againLater},
	{"other events at the same place are a conflict", differentAgain},
	{"an append of nothing answers where the stream is", nothing},
	{"payloads are kept byte by byte", payloads},
	{"names are kept as they are", names},
	{"an append may be large, but not too large", large},
	{"system events are not to be written", noSystemAppends},
}

func numbered(s scene) {
	var last eventstore.Position
	for i, n := range []int{1, 1, 3, 2} {
		want := []int64{0, 1, 4, 6}[i]
		got := s.must(s.stream("a"), eventstore.Expected(want-int64(n)), s.events(n)...)
		if !got.Position.After(last) {
			s.Fatalf("position %s after %s", got.Position, last)
		}
		last = got.Position
		if diff := cmp.Diff(eventstore.Receipt{Stream: s.stream("a"), Revision: want, Position: last}, got); diff != "" {
			s.Fatal(diff)
		}
	}
	all := s.inStream(s.stream("a"))
	for i, r := range all {
		if r.Revision != int64(i) || i > 0 && !r.Position.After(all[i-1].Position) {
			s.Fatalf("event %d has revision %d and position %s", i, r.Revision, r.Position)
		}
	}
	if len(all) != 7 || all[6].Position != last {
		s.Fatalf("%d events, the last at %s; want 7, at %s", len(all), all[len(all)-1].Position, last)
	}
}

type belief struct {
	expected eventstore.Expected
	right    bool
}

func beliefsOfNone(s scene) {
	s.beliefs(0, belief{eventstore.NoStream, true}, belief{eventstore.Any, true}, belief{eventstore.StreamExists, false},
		belief{0, false}, belief{7, false})
}

func beliefsOfThree(s scene) {
	s.beliefs(3, belief{eventstore.NoStream, false}, belief{eventstore.Any, true}, belief{eventstore.StreamExists, true},
		belief{0, false}, belief{1, false}, belief{2, true}, belief{3, false})
}

// beliefs appends with each expectation to a new stream that has so many events.
func (s scene) beliefs(length int, all ...belief) {
	for _, b := range all {
		s.Run(fmt.Sprint(b.expected), func(t *testing.T) {
			s := s.under(t)
			stream := s.stream(fmt.Sprint("believed", b.expected))
			events := s.events(length)
			if length > 0 {
				s.must(stream, eventstore.NoStream, events...)
			}
			e := s.event("believed.v1")
			r, err := s.Append(s.ctx, stream, b.expected, e)
			if b.right {
				s.ok(err)
				events = append(events, e)
				if r.Revision != int64(length) {
					s.Errorf("revision %d, want %d", r.Revision, length)
				}
			} else {
				s.conflicts(err, eventstore.ConflictError{Stream: stream, Expected: b.expected, Actual: int64(length) - 1})
			}
			s.same(s.inStream(stream), events)
		})
	}
}

func allOrNothing(s scene) {
	stream, first := s.stream("a"), s.events(2)
	s.must(stream, eventstore.NoStream, first...)
	_, err := s.Append(s.ctx, stream, eventstore.NoStream, s.events(5)...)
	s.conflicts(err, eventstore.ConflictError{Stream: stream, Expected: eventstore.NoStream, Actual: 1})
	_, err = s.Append(s.ctx, stream, 1, s.event("small.v1"), s.heavy(2<<20))
	s.fails(err, eventstore.ErrTooLarge)
	s.same(s.inStream(stream), first)
	s.same(s.inLog(s.ours()), first)
}

func again(s scene) {
	for i, expected := range []eventstore.Expected{eventstore.NoStream, 1, eventstore.Any, eventstore.StreamExists} {
		stream, before := s.stream(fmt.Sprint("again", i)), s.events(2)
		if expected != eventstore.NoStream {
			s.must(stream, eventstore.NoStream, before...)
		} else {
			before = nil
		}
		events := s.events(3)
		first := s.must(stream, expected, events...)
		for range 2 {
			if diff := cmp.Diff(first, s.must(stream, expected, events...)); diff != "" {
				s.Errorf("expected %d, again: %s", expected, diff)
			}
		}
		s.same(s.inStream(stream), append(before, events...))
	}
}

func againLater(s scene) {
	for i, expected := range []eventstore.Expected{eventstore.NoStream, eventstore.Any} {
		stream, events, later := s.stream(fmt.Sprint("later", i)), s.events(2), s.events(2)
		first := s.must(stream, expected, events...)
		s.must(stream, 1, later...)
		if diff := cmp.Diff(first, s.must(stream, expected, events...)); diff != "" {
			s.Errorf("expected %d, again: %s", expected, diff)
		}
		s.same(s.inStream(stream), append(events, later...))
	}
}

func differentAgain(s scene) {
	stream, events := s.stream("a"), s.events(2)
	s.must(stream, eventstore.NoStream, events...)
	for name, other := range map[string][]eventstore.Event{
		"all different":    s.events(2),
		"the first":        {s.event("other.v1"), events[1]},
		"the last":         {events[0], s.event("other.v1")},
		"one more":         {events[0], events[1], s.event("more.v1")},
		"the other way":    {events[1], events[0]},
		"only the second":  {events[1]},
		"the first, twice": {events[0], events[0]},
	} {
		s.Run(name, func(t *testing.T) {
			_, err := s.Append(s.ctx, stream, eventstore.NoStream, other...)
			s.under(t).conflicts(err, eventstore.ConflictError{Stream: stream, Expected: eventstore.NoStream, Actual: 1})
		})
	}
	s.same(s.inStream(stream), events)
}

func nothing(s scene) {
	r, err := s.Append(s.ctx, s.stream("a"), eventstore.NoStream)
	s.ok(err)
	if want := (eventstore.Receipt{Stream: s.stream("a"), Revision: -1}); r != want {
		s.Errorf("%+v, want %+v", r, want)
	}
	s.same(s.inStream(s.stream("a")), nil)
	_, err = s.Append(s.ctx, s.stream("a"), 4)
	s.conflicts(err, eventstore.ConflictError{Stream: s.stream("a"), Expected: 4, Actual: -1})

	s.must(s.stream("a"), eventstore.NoStream, s.events(3)...)
	for _, expected := range []eventstore.Expected{2, eventstore.Any, eventstore.StreamExists} {
		r, err := s.Append(s.ctx, s.stream("a"), expected)
		s.ok(err)
		if want := (eventstore.Receipt{Stream: s.stream("a"), Revision: 2}); r != want {
			s.Errorf("%+v, want %+v", r, want)
		}
	}
	_, err = s.Append(s.ctx, s.stream("a"), eventstore.NoStream)
	s.conflicts(err, eventstore.ConflictError{Stream: s.stream("a"), Expected: eventstore.NoStream, Actual: 2})
}

func payloads(s scene) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	var events []eventstore.Event
	for _, data := range [][]byte{
		all, bytes.Repeat(all, 300), {}, {0}, []byte("\xff\xfe not UTF-8"),
		[]byte("{\"b\": 1.0,\n\t\"a\" :\"\\u00e9é\", \"a\":2, \"n\":12345678901234567890}\n"),
	} {
		binary, json := s.event("binary.v1"), s.event("json.v1")
		binary.Data, binary.Metadata, binary.Binary = data, []byte(`{ "x" :1 }`), true
		json.Data, json.Metadata = []byte(`{"a":1}`), data
		events = append(events, binary, json)
	}
	text := s.event("json.v1")
	text.Data = []byte("{\"b\": 1.0,\n\t\"a\" :\"\\u00e9é\", \"a\":2, \"n\":12345678901234567890}\n")
	events = append(events, text)
	s.must(s.stream("a"), eventstore.NoStream, events...)
	s.same(s.inStream(s.stream("a")), events)
	s.same(s.inLog(s.ours()), events)
}

func names(s scene) {
	for _, name := range []string{"with space", "é日本", "a/b?c#d%25", "UPPER", "upper", "'quoted\"", "a-b-c", "$in the middle", "%", "_"} {
		e := s.event(name)
		r := s.must(s.stream(name), eventstore.NoStream, e)
		want := []eventstore.Recorded{{Event: e, Stream: s.stream(name), Position: r.Position}}
		s.stored(s.inStream(s.stream(name)), want)
		s.stored(s.inLog(eventstore.Filter{Types: []string{e.Type}}), want)
	}
}

// heavy returns an event with so many bytes of data.
func (s scene) heavy(size int) eventstore.Event {
	e := s.event("heavy.v1")
	e.Data = append(append([]byte(`"`), bytes.Repeat([]byte("x"), size-2)...), '"')
	return e
}

func large(s scene) {
	stream := s.stream("a")
	events := []eventstore.Event{s.heavy(900 << 10)}
	s.must(stream, eventstore.NoStream, events...)
	_, err := s.Append(s.ctx, stream, 0, s.heavy(3<<20))
	s.fails(err, eventstore.ErrTooLarge)
	_, err = s.Append(s.ctx, stream, 0, s.heavy(600<<10), s.heavy(600<<10))
	s.fails(err, eventstore.ErrTooLarge)
	wordy := s.event("wordy.v1")
	wordy.Metadata = s.heavy(2 << 20).Data
	_, err = s.Append(s.ctx, stream, 0, wordy)
	s.fails(err, eventstore.ErrTooLarge)

	more := s.events(500)
	s.must(stream, 0, more...)
	s.same(s.inStream(stream), append(events, more...))
}

func noSystemAppends(s scene) {
	kind := s.event("happened.v1")
	kind.Type = "$" + kind.Type
	for stream, e := range map[string]eventstore.Event{"$" + s.stream("a"): s.event("happened.v1"), s.stream("b"): kind} {
		if r, err := s.Append(s.ctx, stream, eventstore.Any, e); err == nil {
			s.Errorf("%s was appended to %s: %+v", e.Type, stream, r)
		}
	}
}
