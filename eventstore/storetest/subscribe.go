package storetest

import (
	"context"
	"errors"

	"sleutelbos/eventstore"
)

var subscriptions = []sentence{
	{"from before the first: everything, caught up once, then live", fromBeginning},
	{"from every position, that one excluded", afterEveryPosition},
	{"from the end: only what comes", afterEnd},
	{"a filter keeps types by prefix", subscribeTypes},
	{"without a filter all is delivered but system events", unfiltered},
	{"a filtered one moves on over what it does not see", checkpoints},
	{"a slow subscriber loses nothing", slow},
	{"subscribers do not disturb each other", several},
}

// listener is a subscription that is read by a goroutine of its own.
type listener struct {
	scene
	deliveries chan eventstore.Delivery
	failed     chan error // the one error that ends it
	stop       context.CancelFunc
	at         eventstore.Position
}

func (s scene) listen(after eventstore.Position, f eventstore.Filter) *listener {
	ctx, cancel := context.WithCancel(s.ctx)
	l := &listener{scene: s, deliveries: make(chan eventstore.Delivery), failed: make(chan error, 1), stop: cancel, at: after}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for d, err := range s.Subscribe(ctx, after, f) {
			if err != nil {
				l.failed <- err
				return
			}
			select {
			case l.deliveries <- d:
			case <-ctx.Done():
			}
		}
		l.failed <- errors.New("the subscription ended without an error")
	}()
	s.Cleanup(func() { cancel(); <-ended })
	return l
}

// next returns the next delivery. Its position must not be before that of the last one.
func (l *listener) next() eventstore.Delivery {
	l.Helper()
	select {
	case d := <-l.deliveries:
		if d.Position.Before(l.at) || d.IsEvent && (!d.Position.After(l.at) && l.at != eventstore.End || d.Position != d.Event.Position) {
			l.Fatalf("after %s: %+v", l.at, d)
		}
		l.at = d.Position
		return d
	case err := <-l.failed:
		l.Fatalf("the subscription ended: %v", err)
	case <-l.ctx.Done():
		l.Fatal("nothing was delivered in time")
	}
	panic("unreachable")
}

// event returns the next event of the case.
func (l *listener) event() eventstore.Recorded {
	l.Helper()
	for {
		d := l.next()
		if d.CaughtUp {
			l.Fatal("caught up (again), instead of an event")
		}
		if d.IsEvent {
			return d.Event
		}
	}
}

// untilCaughtUp returns the events before the present.
func (l *listener) untilCaughtUp() []eventstore.Recorded {
	l.Helper()
	all := []eventstore.Recorded{}
	for {
		d := l.next()
		if d.CaughtUp {
			return all
		}
		if d.IsEvent {
			all = append(all, d.Event)
		}
	}
}

// live requires that events come as they are written, and nothing else.
func (l *listener) live(stream string) {
	l.Helper()
	for range 3 {
		want := l.written(stream, 2)
		l.stored([]eventstore.Recorded{l.event(), l.event()}, want)
	}
}

func fromBeginning(s scene) {
	want := s.written(s.stream("a"), 3)
	want = append(want, s.written(s.stream("b"), 2)...)
	l := s.listen(eventstore.Position{}, s.ours())
	s.stored(l.untilCaughtUp(), want)
	l.live(s.stream("b"))
	l.live(s.stream("c"))
}

func afterEveryPosition(s scene) {
	want := s.written(s.stream("a"), 4)
	for i, r := range want {
		l := s.listen(r.Position, s.ours())
		s.stored(l.untilCaughtUp(), want[i+1:])
		l.stop()
	}
	l := s.listen(want[3].Position, s.ours())
	s.stored(l.untilCaughtUp(), nil)
	l.live(s.stream("a"))
}

func afterEnd(s scene) {
	s.written(s.stream("a"), 3)
	l := s.listen(eventstore.End, s.ours())
	l.at = eventstore.Position{} // only its own places are compared
	s.stored(l.untilCaughtUp(), nil)
	l.live(s.stream("a"))
}

func subscribeTypes(s scene) {
	a, b := s.event("apple.v1"), s.event("apples.v1")
	s.must(s.stream("a"), eventstore.NoStream, s.event("banana.v1"), a, s.event("Apple.v1"))
	s.must(s.stream("b"), eventstore.NoStream, b, s.event("appl.v1"))
	l := s.listen(eventstore.Position{}, eventstore.Filter{Types: []string{s.prefix + ".apple"}})
	s.same(l.untilCaughtUp(), []eventstore.Event{a, b})
	c := s.event("apple.v2")
	s.must(s.stream("b"), eventstore.Any, s.event("banana.v1"), c, s.event("banana.v1"))
	s.same([]eventstore.Recorded{l.event()}, []eventstore.Event{c})
}

func unfiltered(s scene) {
	first := s.must(s.stream("a"), eventstore.NoStream, s.event("first.v1"))
	s.system()
	l := s.listen(first.Position, eventstore.Filter{})
	l.untilCaughtUp()
	s.system()
	want := s.written(s.stream("a"), 2)
	var got []eventstore.Recorded
	for len(got) < 2 {
		r := l.event()
		if r.Stream[0] == '$' || r.Type[0] == '$' {
			s.Fatalf("%s in %s is delivered", r.Type, r.Stream)
		}
		if r.Stream == s.stream("a") {
			got = append(got, r)
		}
	}
	s.stored(got, want)
}

// checkpoints asks that a filtered subscription moves on by the positions that it is told. It is not
// told the end of the log before the next checkpoint, not even when it has caught up.
func checkpoints(s scene) {
	start := s.written(s.stream("mine"), 1)[0].Position
	s.many(s.stream("theirs"), 1200)
	l := s.listen(start, eventstore.Filter{Streams: []string{s.stream("mine")}})
	s.stored(l.untilCaughtUp(), nil)
	middle := s.written(s.stream("theirs"), 1)[0].Position
	s.many(s.stream("theirs"), 1200)
	var told eventstore.Position
	for !l.at.After(middle) {
		d := l.next()
		if d.IsEvent || d.CaughtUp {
			s.Fatalf("want a checkpoint, got %+v", d)
		}
		told = d.Covers()
	}
	want := s.written(s.stream("mine"), 1)
	s.stored([]eventstore.Recorded{l.event()}, want)

	again := s.listen(told, eventstore.Filter{Streams: []string{s.stream("mine")}}) // a checkpoint can be given back
	s.stored(again.untilCaughtUp(), want)
}

func slow(s scene) {
	start := s.written(s.stream("a"), 1)[0].Position
	l := s.listen(start, s.ours())
	l.untilCaughtUp()
	want := s.many(s.stream("a"), 2000) // nobody reads meanwhile
	got := make([]eventstore.Recorded, len(want))
	for i := range got {
		got[i] = l.event()
	}
	s.same(got, want)
	l.live(s.stream("a"))
}

func several(s scene) {
	want := s.many(s.stream("a"), 600)
	behind, stopped, reader := s.listen(eventstore.Position{}, s.ours()), s.listen(eventstore.Position{}, s.ours()), s.listen(eventstore.Position{}, s.ours())
	s.same([]eventstore.Recorded{behind.event()}, want[:1])
	stopped.event()
	stopped.stop()
	s.same(reader.untilCaughtUp(), want)
	more := s.many(s.stream("b"), 10)
	got := make([]eventstore.Recorded, len(more))
	for i := range got {
		got[i] = reader.event()
	}
	s.same(got, more)

	rest := behind.some(len(want) - 1 + len(more)) // caught up or live, as the slow one chooses
	s.same(rest, append(want[1:], more...))
}
