package apptest

import (
	"context"
	"iter"
	"sync"
	"sync/atomic"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
)

// Away is a store that a test puts out of reach.
type Away struct {
	eventstore.Store
	is atomic.Bool

	mu   sync.Mutex
	gone chan struct{} // closed when the store goes out of reach
}

// CanBeAway puts an Away around the event store of the program.
func CanBeAway(setup *Setup) *Away {
	a := &Away{gone: make(chan struct{})}
	setup.Stores = func(s *app.Stores) {
		s.AdjustLog = func(log eventstore.Store) eventstore.Store { a.Store = log; return a }
	}
	return a
}

// Set puts the store out of reach, which ends its subscriptions, or within it again.
func (a *Away) Set(away bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.is.Swap(away) == away {
		return
	}
	if away {
		close(a.gone)
	} else {
		a.gone = make(chan struct{})
	}
}

// Append implements eventstore.Store.
func (a *Away) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	if a.is.Load() {
		return eventstore.Receipt{}, eventstore.ErrUnavailable
	}
	return a.Store.Append(ctx, stream, expected, events...)
}

// ReadStream implements eventstore.Store.
func (a *Away) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return unless(a, a.Store.ReadStream(ctx, stream, from, dir))
}

// ReadAll implements eventstore.Store.
func (a *Away) ReadAll(ctx context.Context, beyond eventstore.Position, dir eventstore.Direction, filter eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return unless(a, a.Store.ReadAll(ctx, beyond, dir, filter))
}

// Subscribe implements eventstore.Store.
func (a *Away) Subscribe(ctx context.Context, after eventstore.Position, filter eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		a.mu.Lock()
		gone, away := a.gone, a.is.Load()
		a.mu.Unlock()
		if away {
			yield(eventstore.Delivery{}, eventstore.ErrUnavailable)
			return
		}
		within, lose := context.WithCancel(ctx)
		defer lose()
		go func() {
			select {
			case <-gone:
				lose()
			case <-within.Done():
			}
		}()
		for d, err := range a.Store.Subscribe(within, after, filter) {
			if err != nil && ctx.Err() == nil && within.Err() != nil {
				err = eventstore.ErrUnavailable
			}
			if !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// At implements eventstore.Store.
func (a *Away) At(ctx context.Context, position eventstore.Position) (eventstore.Recorded, bool, error) {
	if a.is.Load() {
		return eventstore.Recorded{}, false, eventstore.ErrUnavailable
	}
	return a.Store.At(ctx, position)
}

// Head implements eventstore.Store.
func (a *Away) Head(ctx context.Context) (eventstore.Position, error) {
	if a.is.Load() {
		return eventstore.Position{}, eventstore.ErrUnavailable
	}
	return a.Store.Head(ctx)
}

// Behind implements eventstore.Store.
func (a *Away) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	if a.is.Load() {
		return 0, eventstore.ErrUnavailable
	}
	return a.Store.Behind(ctx, after, limit)
}

// unless yields what the store yields, unless it is away by then.
func unless[T any](a *Away, items iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		if a.is.Load() {
			yield(none, eventstore.ErrUnavailable)
			return
		}
		for item, err := range items {
			if a.is.Load() {
				yield(none, eventstore.ErrUnavailable)
				return
			}
			if !yield(item, err) {
				return
			}
		}
	}
}
