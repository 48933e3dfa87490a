package eventstore

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"time"
)

// Watched is a store that knows whether it is within reach, by what became of its last calls,
// whoever made them.
type Watched struct {
	Store
	now   func() time.Time
	lost  atomic.Pointer[time.Time] // since when; nil while it is within reach
	calls atomic.Int64
}

// Watch returns a store that knows whether it is within reach. If the store can append to
// several streams at once, so can the result.
func Watch(s Store, now func() time.Time) (Store, *Watched) {
	w := &Watched{Store: s, now: now}
	if together, ok := s.(Together); ok {
		return watchedTogether{w, together}, w
	}
	return w, w
}

// Away returns since when the store is out of reach, and false while it is within.
func (w *Watched) Away() (since time.Time, away bool) {
	if lost := w.lost.Load(); lost != nil {
		return *lost, true
	}
	return time.Time{}, false
}

// Calls returns how many calls there were, subscriptions aside. Each is a round trip to a store that
// is a server.
func (w *Watched) Calls() int64 { return w.calls.Load() }

// note takes what became of a call. Any answer of the store shows that it is within reach; that
// a caller left or had no more patience shows nothing, also where that leaves an append's outcome
// unknown.
func (w *Watched) note(err error) {
	switch {
	case errors.Is(err, context.Canceled):
	case errors.Is(err, ErrUnavailable):
		if w.lost.Load() == nil {
			at := w.now()
			w.lost.CompareAndSwap(nil, &at)
		}
	case errors.Is(err, context.DeadlineExceeded):
	default:
		if w.lost.Load() != nil {
			w.lost.Store(nil)
		}
	}
}

// Append implements Store.
func (w *Watched) Append(ctx context.Context, stream string, expected Expected, events ...Event) (Receipt, error) {
	w.calls.Add(1)
	receipt, err := w.Store.Append(ctx, stream, expected, events...)
	w.note(err)
	return receipt, err
}

// ReadStream implements Store.
func (w *Watched) ReadStream(ctx context.Context, stream string, from int64, dir Direction) iter.Seq2[Recorded, error] {
	w.calls.Add(1)
	return noted(w, w.Store.ReadStream(ctx, stream, from, dir))
}

// ReadAll implements Store.
func (w *Watched) ReadAll(ctx context.Context, beyond Position, dir Direction, filter Filter) iter.Seq2[Recorded, error] {
	w.calls.Add(1)
	return noted(w, w.Store.ReadAll(ctx, beyond, dir, filter))
}

// At implements Store.
func (w *Watched) At(ctx context.Context, position Position) (Recorded, bool, error) {
	w.calls.Add(1)
	event, found, err := w.Store.At(ctx, position)
	w.note(err)
	return event, found, err
}

// Subscribe implements Store.
func (w *Watched) Subscribe(ctx context.Context, after Position, filter Filter) iter.Seq2[Delivery, error] {
	return noted(w, w.Store.Subscribe(ctx, after, filter))
}

// Head implements Store.
func (w *Watched) Head(ctx context.Context) (Position, error) {
	w.calls.Add(1)
	head, err := w.Store.Head(ctx)
	w.note(err)
	return head, err
}

// Behind implements Store.
func (w *Watched) Behind(ctx context.Context, after Position, limit int64) (int64, error) {
	w.calls.Add(1)
	n, err := w.Store.Behind(ctx, after, limit)
	w.note(err)
	return n, err
}

// noted notes what a sequence yields, and that it ended.
func noted[T any](w *Watched, items iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range items {
			w.note(err)
			if !yield(item, err) || err != nil {
				return
			}
		}
		w.note(nil)
	}
}

// watchedTogether is a Watched that can append to several streams at once.
type watchedTogether struct {
	*Watched
	together Together
}

// AppendTogether implements Together.
func (w watchedTogether) AppendTogether(ctx context.Context, appends ...Append) ([]Receipt, error) {
	w.calls.Add(1)
	receipts, err := w.together.AppendTogether(ctx, appends...)
	w.note(err)
	return receipts, err
}
