package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/eventstore"
)

var races = []sentence{
	{"of those who append at one revision, exactly one wins", oneWins},
	{"the same append by many at once is stored once", onceOnly},
	{"a reader never sees a position that is followed later by a lower one", noHoles},
	{"what was acknowledged is read at once", readYourWrites},
}

// together runs f n times at once and returns the errors.
func together(n int, f func(i int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(i) })
	}
	all.Wait()
	return errors.Join(errs...)
}

func oneWins(s scene) {
	const appenders, rounds = 8, 25
	stream := s.stream("a")
	won := make([][]eventstore.Event, rounds)
	for round := range rounds {
		var mu sync.Mutex
		s.ok(together(appenders, func(int) error {
			e := s.event("won.v1")
			r, err := s.Append(s.ctx, stream, eventstore.Expected(round-1), e)
			if c, ok := errors.AsType[*eventstore.ConflictError](err); ok {
				want := eventstore.ConflictError{Stream: stream, Expected: eventstore.Expected(round - 1), Actual: int64(round)}
				if *c != want {
					return fmt.Errorf("%+v, want %+v", *c, want)
				}
				return nil
			}
			if err == nil && r.Revision != int64(round) {
				return fmt.Errorf("won revision %d, want %d", r.Revision, round)
			}
			mu.Lock()
			defer mu.Unlock()
			won[round] = append(won[round], e)
			return err
		}))
		if len(won[round]) != 1 {
			s.Fatalf("%d won revision %d", len(won[round]), round)
		}
	}
	s.same(s.inStream(stream), slices.Concat(won...))
}

func onceOnly(s scene) {
	for i, expected := range []eventstore.Expected{eventstore.NoStream, eventstore.Any} {
		for round := range 10 {
			stream, events := s.stream(fmt.Sprint(i, "-", round)), s.events(3)
			receipts := make([]eventstore.Receipt, 8)
			s.ok(together(len(receipts), func(i int) (err error) {
				receipts[i], err = s.Append(s.ctx, stream, expected, events...)
				return err
			}))
			for _, r := range receipts {
				if diff := cmp.Diff(receipts[0], r); diff != "" {
					s.Errorf("expected %d: two receipts: %s", expected, diff)
				}
			}
			s.same(s.inStream(stream), events)
		}
	}
}

func noHoles(s scene) {
	const writers, appendsEach = 8, 40
	start := s.written(s.stream("start"), 1)[0].Position
	wide := s.listen(start, s.ours())
	late := s.listen(start, eventstore.Filter{Types: []string{s.prefix + ".happened"}})
	wide.untilCaughtUp()
	total, done := writers*appendsEach*2, make(chan error, 1)
	go func() {
		done <- together(writers, func(w int) error {
			for i := range appendsEach {
				stream := s.stream(fmt.Sprint("w", (w+i)%12))
				if _, err := s.Append(s.ctx, stream, eventstore.Any, s.events(1+2*(i%2))...); err != nil {
					return err
				}
			}
			return nil
		})
	}()
	var polled []eventstore.Recorded
	for at := start; len(polled) < total && s.ctx.Err() == nil; {
		for r, err := range s.ReadAll(s.ctx, at, eventstore.Forwards, s.ours()) {
			s.ok(err)
			polled, at = append(polled, r), r.Position
		}
	}
	s.ok(<-done)
	all := s.collect(s.ReadAll(s.ctx, start, eventstore.Forwards, s.ours()))
	s.stored(polled, all)
	s.stored(wide.some(total), all)
	s.stored(late.some(total), all)
	s.withoutGaps(all)
}

// some returns the next n events, whether the subscription has caught up or not.
func (l *listener) some(n int) []eventstore.Recorded {
	l.Helper()
	var all []eventstore.Recorded
	for len(all) < n {
		if d := l.next(); d.IsEvent {
			all = append(all, d.Event)
		}
	}
	return all
}

// withoutGaps requires that the revisions of each stream count from 0, in the order of the log.
func (s scene) withoutGaps(all []eventstore.Recorded) {
	s.Helper()
	next := map[string]int64{}
	for i, r := range all {
		if r.Revision != next[r.Stream] || i > 0 && !r.Position.After(all[i-1].Position) {
			s.Fatalf("revision %d of %s at position %s, want revision %d", r.Revision, r.Stream, r.Position, next[r.Stream])
		}
		next[r.Stream]++
	}
	for stream, n := range next {
		if got := s.inStream(stream); int64(len(got)) != n {
			s.Fatalf("%d events in %s, %d in the log", len(got), strings.TrimPrefix(stream, s.prefix), n)
		}
	}
}

func readYourWrites(s scene) {
	s.ok(together(8, func(w int) error {
		stream := s.stream(fmt.Sprint("w", w))
		for i := range int64(15) {
			r, err := s.Append(s.ctx, stream, eventstore.Expected(i-1), s.event("written.v1"))
			if err != nil {
				return err
			}
			head, err := s.Head(s.ctx)
			if err != nil {
				return err
			}
			if head.Before(r.Position) {
				return fmt.Errorf("head %s after an append at %s", head, r.Position)
			}
			newest := int64(-1)
			for last, err := range s.ReadStream(s.ctx, stream, i, eventstore.Forwards) {
				if err != nil {
					return err
				}
				newest = last.Revision
			}
			if newest != i {
				return fmt.Errorf("revision %d was not read after it was acknowledged, but %d", i, newest)
			}
		}
		return nil
	}))
}
