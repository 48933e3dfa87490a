package esdb

import (
	"context"
	"fmt"
	"iter"
	"time"

	"sleutelbos/eventstore"
)

// step is what a flow carries from the server to its consumer: a value, an error or the news
// that the server has answered.
type step[T any] struct {
	value T
	err   error // ends the flow
	open  bool  // no value, only the news that the server has answered
}

// flow is a sequence that comes from the server. A goroutine fetches a little ahead, and the
// consumer waits no longer than its patience.
type flow[T any] struct {
	store *Store
	doing string
	// fetch sends steps until the sequence or its context ends, or an error comes.
	fetch func(ctx context.Context, steps chan<- step[T]) error
	// endless says that the server may be silent for any time once it has answered.
	endless bool
}

func (f flow[T]) seq(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := f.run(ctx, func(v T) bool { return yield(v, nil) })
		if err != nil {
			var none T
			err = f.store.health.told(understand(ctx, err))
			yield(none, fmt.Errorf("%s: %w", f.doing, err))
		}
	}
}

// run hands every value to want. It returns nil at the end, and when want returns false.
func (f flow[T]) run(ctx context.Context, want func(T) bool) error {
	steps := make(chan step[T], prefetch)
	leave, err := f.store.calls.start(ctx, func(ctx context.Context) {
		defer close(steps)
		_, err := caught(func() (struct{}, error) { return struct{}{}, f.fetch(ctx, steps) })
		if err != nil {
			offer(ctx, steps, step[T]{err: err})
		}
	})
	if err != nil {
		return err
	}
	defer leave()
	patience := f.patience(ctx)
	for {
		s, ok, err := f.next(ctx, steps, patience)
		switch {
		case err != nil:
			return err
		case !ok:
			return nil
		case s.err != nil:
			return s.err
		case s.open:
			_ = f.store.health.told(nil) // told returns its argument
			if f.endless {
				patience = 0
			}
		case !want(s.value):
			return nil
		}
	}
}

// patience returns the longest wait for the next step. With 0 it lasts as long as the context.
func (f flow[T]) patience(ctx context.Context) time.Duration {
	if _, bounded := ctx.Deadline(); bounded && !f.endless {
		return 0
	}
	return f.store.timeout
}

// next returns the next step, and false at the end.
func (f flow[T]) next(ctx context.Context, steps <-chan step[T], patience time.Duration) (s step[T], ok bool, err error) {
	if ctx.Err() != nil {
		return s, false, ended(ctx)
	}
	select { // the usual case while catching up, without a timer
	case s, ok = <-steps:
		return s, ok, f.cut(ctx, ok)
	default:
	}
	var late <-chan time.Time
	if patience > 0 {
		t := time.NewTimer(patience)
		defer t.Stop()
		late = t.C
	}
	select {
	case s, ok = <-steps:
		return s, ok, f.cut(ctx, ok)
	case <-ctx.Done():
		return s, false, ended(ctx)
	case <-f.store.calls.life.Done():
		return s, false, errClosed
	case <-late:
		return s, false, fmt.Errorf("%w: no answer within %s", eventstore.ErrUnavailable, patience)
	}
}

// cut returns the error of a fetch that was ended from outside and could not send it, because
// nobody took its steps any more. At the end of the sequence it returns nil.
func (f flow[T]) cut(ctx context.Context, ok bool) error {
	switch {
	case ok:
		return nil
	case ctx.Err() != nil:
		return ended(ctx)
	case f.store.calls.life.Err() != nil:
		return errClosed
	}
	return nil
}

// offer hands a step to the consumer. It returns false if the context ended first.
func offer[T any](ctx context.Context, steps chan<- step[T], s step[T]) bool {
	select {
	case steps <- s:
		return true
	case <-ctx.Done():
		return false
	}
}
