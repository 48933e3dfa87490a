package storetest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
)

var streamReads = []sentence{
	{"a stream never written yields nothing", missing},
	{"from every revision, that one included, in both directions", fromEveryRevision},
	{"an event is read as it was recorded", asRecorded},
	{"a long stream is read whole", longStream},
	{"a reader may stop and start again", stopAndStart},
	{"system streams are not shown", systemStream},
}

func missing(s scene) {
	s.must(s.stream("missing too"), eventstore.NoStream, s.event("other.v1"))
	for _, from := range []int64{0, 5, math.MaxInt64} {
		for _, dir := range []eventstore.Direction{eventstore.Forwards, eventstore.Backwards} {
			s.same(s.collect(s.ReadStream(s.ctx, s.stream("missing"), from, dir)), nil)
		}
	}
}

func fromEveryRevision(s scene) {
	stream, events := s.stream("a"), s.events(5)
	s.must(stream, eventstore.NoStream, events[:2]...)
	s.must(s.stream("b"), eventstore.NoStream, s.events(2)...)
	s.must(stream, 1, events[2:]...)
	for from := range int64(8) {
		start := min(from, 5)
		s.same(s.collect(s.ReadStream(s.ctx, stream, from, eventstore.Forwards)), events[start:])
		end := min(from+1, 5)
		s.same(s.collect(s.ReadStream(s.ctx, stream, from, eventstore.Backwards)), reversed(events[:end]))
	}
	s.same(s.collect(s.ReadStream(s.ctx, stream, math.MaxInt64, eventstore.Forwards)), nil)
	s.same(s.collect(s.ReadStream(s.ctx, stream, math.MaxInt64, eventstore.Backwards)), reversed(events))
	s.same(s.collect(s.ReadStream(s.ctx, stream, -1, eventstore.Backwards)), nil)
}

func asRecorded(s scene) {
	before := time.Now().Add(-24 * time.Hour) // the server's clock is its own
	want := s.written(s.stream("a"), 3)
	s.stored(s.inStream(s.stream("a")), want)
	s.stored(s.collect(s.ReadStream(s.ctx, s.stream("a"), math.MaxInt64, eventstore.Backwards)), reversed(want))
	all := s.inLog(s.ours())
	s.stored(all, want)
	if diff := cmp.Diff(s.inStream(s.stream("a")), all); diff != "" {
		s.Errorf("ReadStream (-) and ReadAll (+) differ:\n%s", diff)
	}
	for _, r := range all {
		if r.Created.Location() != time.UTC || r.Created.Before(before) || r.Created.After(before.Add(48*time.Hour)) {
			s.Errorf("recorded at %v, want about now, in UTC", r.Created)
		}
	}
}

func longStream(s scene) {
	events := s.many(s.stream("a"), 2100)
	s.same(s.inStream(s.stream("a")), events)
	s.same(s.collect(s.ReadStream(s.ctx, s.stream("a"), math.MaxInt64, eventstore.Backwards)), reversed(events))
	s.same(s.collect(s.ReadStream(s.ctx, s.stream("a"), 1023, eventstore.Forwards)), events[1023:])
	s.same(s.collect(s.ReadStream(s.ctx, s.stream("a"), 1024, eventstore.Backwards)), reversed(events[:1025]))
}

func stopAndStart(s scene) {
	events := s.many(s.stream("a"), 600)
	seq := s.ReadStream(s.ctx, s.stream("a"), 0, eventstore.Forwards)
	for _, want := range []int{1, 300, 600} {
		var got []eventstore.Recorded
		for r, err := range seq {
			s.ok(err)
			if got = append(got, r); len(got) == want {
				break
			}
		}
		s.same(got, events[:want])
	}
	s.same(s.collect(seq), events)
}

// system writes an event that the port must not show, if the store under test has a way to.
func (s scene) system() {
	s.Helper()
	store, ok := s.Store.(System)
	if !ok {
		return
	}
	for _, name := range []struct{ stream, kind string }{
		{"$" + s.stream("system"), s.prefix + ".happened.v1"},
		{s.stream("system"), "$" + s.prefix + ".happened.v1"},
		{"$$" + s.stream("system"), "$metadata"},
	} {
		e := s.event("")
		e.Type, e.Data = name.kind, []byte(`{"own":1}`)
		s.ok(store.AppendSystem(s.ctx, name.stream, e))
	}
}

func systemStream(s scene) {
	s.system()
	for _, stream := range []string{"$" + s.stream("system"), s.stream("system"), "$$" + s.stream("system")} {
		s.same(s.inStream(stream), nil)
	}
}

var allReads = []sentence{
	{"from every position, that one excluded, in both directions", fromEveryPosition},
	{"the log has one order, whatever the streams", oneOrder},
	{"a filter keeps streams by prefix", filterStreams},
	{"a filter keeps types by prefix", filterTypes},
	{"prefixes are no patterns, and case counts", plainPrefixes},
	{"few among many are found across pages", fewAmongMany},
	{"no system events are shown", noSystemEvents},
	{"an event is found at its position, and none beyond the end", foundAt},
}

func fromEveryPosition(s scene) {
	var want []eventstore.Recorded
	for i := range 3 {
		want = append(want, s.written(s.stream(fmt.Sprint(i)), 2)...)
	}
	forwards := func(beyond eventstore.Position) []eventstore.Recorded {
		return s.collect(s.ReadAll(s.ctx, beyond, eventstore.Forwards, s.ours()))
	}
	s.stored(forwards(eventstore.Position{}), want)
	s.stored(forwards(s.start), want)
	s.stored(forwards(eventstore.End), nil)
	s.stored(s.collect(s.ReadAll(s.ctx, eventstore.Position{}, eventstore.Backwards, s.ours())), nil)
	s.stored(s.collect(s.ReadAll(s.ctx, eventstore.End, eventstore.Backwards, s.ours())), reversed(want))
	for i, r := range want {
		s.stored(forwards(r.Position), want[i+1:])
		s.stored(s.back(r.Position, s.ours()), reversed(want[:i]))
	}
}

func oneOrder(s scene) {
	first := s.must(s.stream("x"), eventstore.NoStream, s.event("first.v1"))
	var want []eventstore.Event
	for i := range 40 {
		events := s.events(1 + i%3)
		s.must(s.stream(fmt.Sprint(i%7)), eventstore.Any, events...)
		want = append(want, events...)
	}
	s.same(s.collect(s.ReadAll(s.ctx, first.Position, eventstore.Forwards, s.ours())), want)
	s.same(s.back(eventstore.End, s.ours())[:len(want)], reversed(want))

	unfiltered := s.collect(s.ReadAll(s.ctx, first.Position, eventstore.Forwards, eventstore.Filter{}))
	for i := 1; i < len(unfiltered); i++ {
		if !unfiltered[i].Position.After(unfiltered[i-1].Position) {
			s.Fatalf("position %s after %s", unfiltered[i].Position, unfiltered[i-1].Position)
		}
	}
	s.same(slices.DeleteFunc(unfiltered, func(r eventstore.Recorded) bool { return !strings.HasPrefix(r.Stream, s.prefix) }), want)
}

func filterStreams(s scene) {
	var a, b []eventstore.Recorded
	for range 3 {
		a = append(a, s.written(s.stream("apple"), 1)...)
		b = append(b, s.written(s.stream("banana"), 1)...)
		s.written(s.stream("cherry"), 1)
		s.written("x"+s.stream("apple"), 1)
	}
	only := func(prefixes ...string) eventstore.Filter { return eventstore.Filter{Streams: prefixes} }
	s.bothWays(only(s.stream("apple")), a)
	s.bothWays(only(s.stream("app")), a)
	s.bothWays(only(s.stream("ban"), s.stream("apple"), s.stream("a")), byPosition(a, b))
	s.bothWays(only(s.stream("apple pie")), nil)
	s.bothWays(only(s.stream("cherries"), s.stream("b")), b)
}

func filterTypes(s scene) {
	var a, b []eventstore.Recorded
	for i := range 6 {
		e := s.event([]string{"apple.v1", "banana.v1", "cherry.v1"}[i%3])
		r := s.must(s.stream(fmt.Sprint(i%2)), eventstore.Any, e)
		rec := eventstore.Recorded{Event: e, Stream: r.Stream, Revision: r.Revision, Position: r.Position}
		switch i % 3 {
		case 0:
			a = append(a, rec)
		case 1:
			b = append(b, rec)
		}
	}
	only := func(names ...string) (f eventstore.Filter) {
		for _, name := range names {
			f.Types = append(f.Types, s.prefix+"."+name)
		}
		return f
	}
	s.bothWays(only("apple.v1"), a)
	s.bothWays(only("a"), a)
	s.bothWays(only("b", "apple", "a"), byPosition(a, b))
	s.bothWays(only("apple.v11"), nil)
}

func plainPrefixes(s scene) {
	want := s.written(s.stream("A_b%c[d]*.e"), 1)
	for _, other := range []string{"A-b%c[d]*.e", "a_b%c[d]*.e", "A_bxc[d]*.e", "A_b%cd*.e", "A_b%c[d]xxe"} {
		s.written(s.stream(other), 1)
	}
	s.bothWays(eventstore.Filter{Streams: []string{s.stream("A_b%c[d]*.e")}}, want)
	s.bothWays(eventstore.Filter{Streams: []string{strings.ToUpper(s.prefix)}}, nil)

	e := s.event("A_b%c")
	r := s.must(s.stream("types"), eventstore.NoStream, e, s.event("AXb%c"), s.event("A_bXc"), s.event("a_b%c"))
	got := s.inLog(eventstore.Filter{Types: []string{s.prefix + ".A_b%"}})
	s.same(got, []eventstore.Event{e})
	if r.Revision != 3 {
		s.Errorf("revision %d, want 3", r.Revision)
	}
}

// bothWays reads with a filter, forwards and backwards, from the ends and from the middle.
func (s scene) bothWays(f eventstore.Filter, want []eventstore.Recorded) {
	s.Helper()
	s.stored(s.inLog(f), want)
	s.stored(s.back(eventstore.End, f), reversed(want))
	if len(want) > 0 {
		s.stored(s.collect(s.ReadAll(s.ctx, want[0].Position, eventstore.Forwards, f)), want[1:])
		last := len(want) - 1
		s.stored(s.back(want[last].Position, f), reversed(want[:last]))
	}
}

func byPosition(sets ...[]eventstore.Recorded) []eventstore.Recorded {
	all := slices.Concat(sets...)
	slices.SortFunc(all, func(a, b eventstore.Recorded) int { return a.Position.Compare(b.Position) })
	return all
}

func fewAmongMany(s scene) {
	var want []eventstore.Recorded
	for range 3 {
		s.many(s.stream("many"), 550)
		want = append(want, s.written(s.stream("few"), 1)...)
	}
	s.bothWays(eventstore.Filter{Streams: []string{s.stream("few")}}, want)
	if n := len(s.inLog(eventstore.Filter{Types: []string{s.prefix}})); n != 1653 {
		s.Errorf("%d events, want 1653", n)
	}
}

func noSystemEvents(s scene) {
	before := s.written(s.stream("a"), 1)
	s.system()
	after := s.written(s.stream("a"), 1)
	s.bothWays(s.ours(), append(before, after...))
	s.bothWays(eventstore.Filter{Types: []string{s.prefix}}, append(before, after...))
	for _, f := range []eventstore.Filter{{}, {Streams: []string{"$"}}, {Types: []string{"$"}}} {
		for _, r := range s.collect(s.ReadAll(s.ctx, s.start, eventstore.Forwards, f)) {
			if strings.HasPrefix(r.Stream, "$") || strings.HasPrefix(r.Type, "$") {
				s.Fatalf("%s in %s is shown", r.Type, r.Stream)
			}
		}
	}
}

var heads = []sentence{
	{"the head is the newest event that the port shows", head},
	{"behind counts what lies after a position, up to the limit", behind},
}

// still calls f again if others appended something meanwhile.
func (s scene) still(f func(t *testing.T, head eventstore.Position) bool) {
	s.Helper()
	for {
		before, err := s.Head(s.ctx)
		s.ok(err)
		right := f(s.T, before)
		after, err := s.Head(s.ctx)
		s.ok(err)
		if before == after {
			if !right {
				s.Fatal("wrong, with the log at rest")
			}
			return
		}
	}
}

func head(s scene) {
	last := s.written(s.stream("a"), 2)[1].Position
	s.system()
	s.still(func(t *testing.T, head eventstore.Position) bool {
		for newest, err := range s.ReadAll(s.ctx, eventstore.End, eventstore.Backwards, eventstore.Filter{}) {
			s.ok(err)
			t.Logf("head %s, newest %s, own %s", head, newest.Position, last)
			return head == newest.Position && !head.Before(last)
		}
		return head.IsZero()
	})
}

func behind(s scene) {
	own := s.written(s.stream("a"), 5)
	s.system()
	for limit := range int64(5) {
		n, err := s.Behind(s.ctx, own[0].Position, limit)
		s.ok(err)
		if n != limit {
			s.Errorf("with limit %d: %d", limit, n)
		}
	}
	n, err := s.Behind(s.ctx, eventstore.End, 10)
	s.ok(err)
	if n != 0 {
		s.Errorf("%d behind the end", n)
	}
	s.still(func(t *testing.T, head eventstore.Position) bool {
		some, err := s.Behind(s.ctx, own[0].Position, 1_000_000)
		s.ok(err)
		none, err := s.Behind(s.ctx, head, 10)
		s.ok(err)
		all := s.collect(s.ReadAll(s.ctx, own[0].Position, eventstore.Forwards, eventstore.Filter{}))
		t.Logf("%d behind, %d read; %d behind the head", some, len(all), none)
		return some == int64(len(all)) && some >= 4 && none == 0
	})
}

func foundAt(s scene) {
	all := s.written(s.stream("found"), 20)
	for _, want := range all {
		got, found, err := s.At(s.ctx, want.Position)
		s.fails(err, nil)
		if !found {
			s.Fatalf("there is no event at %s", want.Position)
		}
		s.stored([]eventstore.Recorded{got}, []eventstore.Recorded{want})
	}
	head, err := s.Head(s.ctx)
	s.fails(err, nil)
	for _, nowhere := range []eventstore.Position{{}, eventstore.End, eventstore.AtCommit(head.Commit() + 1<<40)} {
		if got, found, err := s.At(s.ctx, nowhere); found || err != nil {
			s.Errorf("at %s: got %+v, %v", nowhere, got, err)
		}
	}
}
