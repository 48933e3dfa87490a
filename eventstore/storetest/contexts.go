package storetest

import (
	"context"
	"errors"
	"iter"
	"math"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sleutelbos/eventstore"
)

var contexts = []sentence{
	{"a canceled read is an error, not an end", canceledReads},
	{"a canceled subscription ends with an error, also while nothing comes", canceledSubscription},
	{"what begins with a context that has ended is an error", endedBefore},
	{"a deadline that has passed is an error", deadlines},
	{"who stops early leaves nothing running", leaksNothing},
}

// sequences returns all ways to read the events of a stream.
func (s scene) sequences(ctx context.Context, stream string) map[string]iter.Seq2[eventstore.Recorded, error] {
	f := eventstore.Filter{Streams: []string{stream}}
	return map[string]iter.Seq2[eventstore.Recorded, error]{
		"stream forwards":  s.ReadStream(ctx, stream, 0, eventstore.Forwards),
		"stream backwards": s.ReadStream(ctx, stream, math.MaxInt64, eventstore.Backwards),
		"log forwards":     s.ReadAll(ctx, s.start, eventstore.Forwards, f),
		"log backwards":    s.ReadAll(ctx, eventstore.End, eventstore.Backwards, f),
	}
}

func canceledReads(s scene) {
	for stream, n := range map[string]int{s.stream("one"): 1, s.stream("few"): 5, s.stream("many"): 1500} {
		s.many(stream, n)
		for _, name := range []string{"stream forwards", "stream backwards", "log forwards", "log backwards"} {
			ctx, cancel := context.WithCancel(s.ctx)
			got, last := 0, error(nil)
			for _, err := range s.sequences(ctx, stream)[name] {
				if last != nil {
					s.Errorf("%s of %d: goes on after %v", name, n, last)
				}
				if got++; got == 1 {
					s.ok(err)
					cancel()
				}
				last = err
			}
			cancel()
			if !errors.Is(last, context.Canceled) {
				s.Errorf("%s of %d: canceled after the first event, it ended with: %v", name, n, last)
			}
			if got > n+1 || n == 1500 && got > 1200 {
				s.Errorf("%s of %d: %d steps in spite of the canceled context", name, n, got)
			}
		}
	}
}

func canceledSubscription(s scene) {
	s.written(s.stream("a"), 3)
	quiet := s.listen(eventstore.Position{}, s.ours())
	quiet.untilCaughtUp()
	busy := s.listen(eventstore.Position{}, s.ours())
	for name, l := range map[string]*listener{"quiet": quiet, "busy": busy} {
		start := time.Now()
		l.stop()
		select {
		case err := <-l.failed:
			s.fails(err, context.Canceled)
		case <-l.ctx.Done():
			s.Fatalf("the %s one goes on", name)
		}
		if took := time.Since(start); took > 5*time.Second {
			s.Errorf("the %s one ended after %s", name, took)
		}
	}
}

// everything returns a call of every method of a store, by its name.
func (s scene) everything(stream string) map[string]func(context.Context) error {
	all := map[string]func(context.Context) error{
		"append": func(ctx context.Context) error {
			_, err := s.Append(ctx, stream, eventstore.Any, s.event("late.v1"))
			return err
		},
		"subscribe": func(ctx context.Context) error {
			for _, err := range s.Subscribe(ctx, s.start, s.ours()) {
				if err != nil {
					return err
				}
			}
			return errors.New("it ended without an error")
		},
		"head":   func(ctx context.Context) error { _, err := s.Head(ctx); return err },
		"behind": func(ctx context.Context) error { _, err := s.Behind(ctx, s.start, 10); return err },
	}
	for name := range s.sequences(s.ctx, stream) {
		all[name] = func(ctx context.Context) error {
			for _, err := range s.sequences(ctx, stream)[name] {
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	return all
}

func endedBefore(s scene) {
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	s.written(s.stream("a"), 2)
	for _, stream := range []string{s.stream("a"), s.stream("missing")} {
		for name, call := range s.everything(stream) {
			s.Run(name, func(t *testing.T) { s.under(t).fails(call(ctx), context.Canceled) })
		}
	}
	if n := len(s.inStream(s.stream("a"))); n != 2 {
		s.Errorf("%d events, want 2", n)
	}
}

func deadlines(s scene) {
	s.written(s.stream("a"), 2)
	ctx, cancel := context.WithDeadline(s.ctx, time.Now().Add(-time.Second))
	defer cancel()
	for name, call := range s.everything(s.stream("a")) {
		s.Run(name, func(t *testing.T) { s.under(t).fails(call(ctx), context.DeadlineExceeded) })
	}
	ctx, cancel = context.WithTimeout(s.ctx, 50*time.Millisecond)
	defer cancel()
	s.fails(s.everything(s.stream("a"))["subscribe"](ctx), context.DeadlineExceeded)
}

func leaksNothing(s scene) {
	s.many(s.stream("a"), 1500)
	round := func() {
		for _, seq := range s.sequences(s.ctx, s.stream("a")) {
			for _, err := range seq {
				s.ok(err)
				break
			}
		}
		for d, err := range s.Subscribe(s.ctx, s.start, s.ours()) {
			s.ok(err)
			if d.IsEvent {
				break
			}
		}
		for d, err := range s.Subscribe(s.ctx, s.start, s.ours()) {
			s.ok(err)
			if d.CaughtUp {
				break
			}
		}
		ctx, cancel := context.WithTimeout(s.ctx, time.Millisecond)
		defer cancel()
		for name, call := range s.everything(s.stream("a")) {
			if name != "append" {
				_ = call(ctx) // its outcome depends on the moment
			}
		}
	}
	round() // the first round may start goroutines that a store keeps for its whole life
	before := goleak.IgnoreCurrent()
	for range 5 {
		round()
	}
	if err := goleak.Find(append(s.strangers, before)...); err != nil {
		s.Error(err)
	}
}
