package node

import (
	"context"
	"fmt"
	"iter"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
	"sleutelbos/eventstore/node/log"
)

// Store returns the port to the log, which hides the system events.
func (l *Log) Store() eventstore.Store { return store{l} }

type store struct{ log *Log }

func (s store) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	if err := checkShown(stream, events); err != nil {
		return eventstore.Receipt{}, err
	}
	return s.log.Append(ctx, stream, expected, events...)
}

// AppendTogether implements eventstore.Together.
func (s store) AppendTogether(ctx context.Context, appends ...eventstore.Append) ([]eventstore.Receipt, error) {
	for _, a := range appends {
		if err := checkShown(a.Stream, a.Events); err != nil {
			return nil, err
		}
	}
	return s.log.AppendTogether(ctx, appends...)
}

// checkShown refuses to write what the port does not show.
func checkShown(stream string, events []eventstore.Event) error {
	if len(stream) > 0 && stream[0] == '$' {
		return fmt.Errorf("%w: streams that start with $ are the store's own", log.ErrInvalid)
	}
	for _, e := range events {
		if len(e.Type) > 0 && e.Type[0] == '$' {
			return fmt.Errorf("%w: types that start with $ are the store's own", log.ErrInvalid)
		}
	}
	return nil
}

func (s store) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		if len(stream) > 0 && stream[0] == '$' {
			return
		}
		for next, end := from, false; !end; {
			page, err := s.log.ReadStream(ctx, stream, next, dir, log.DefaultLimit)
			if err != nil {
				yield(eventstore.Recorded{}, err)
				return
			}
			if !yieldAll(ctx, page.Events, yield) {
				return
			}
			next, end = page.Next, page.AtEnd
		}
	}
}

func (s store) ReadAll(ctx context.Context, beyond eventstore.Position, dir eventstore.Direction, filter eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		q := log.AllQuery{Beyond: beyond, Direction: dir, Filter: filter}
		for end := false; !end; {
			page, err := s.log.ReadAll(ctx, q)
			if err != nil {
				yield(eventstore.Recorded{}, err)
				return
			}
			if !yieldAll(ctx, page.Events, yield) {
				return
			}
			q.Beyond, end = page.Next, page.AtEnd
		}
	}
}

func (s store) At(ctx context.Context, position eventstore.Position) (eventstore.Recorded, bool, error) {
	if position.IsZero() || !position.Before(eventstore.End) {
		return eventstore.Recorded{}, false, nil
	}
	for e, err := range s.ReadAll(ctx, eventstore.AtCommit(position.Commit()-1), eventstore.Forwards, eventstore.Filter{}) {
		return e, err == nil && e.Position == position, err
	}
	return eventstore.Recorded{}, false, nil
}

// yieldAll yields what the port shows of events, and the error of a context that ends
// meanwhile. It returns false if the reader is to get no more.
func yieldAll(ctx context.Context, events []eventstore.Recorded, yield func(eventstore.Recorded, error) bool) bool {
	for i := range events {
		if e := &events[i]; !index.IsSystem(e.Stream, e.Type) && !yield(*e, nil) {
			return false
		}
		if err := ctx.Err(); err != nil {
			yield(eventstore.Recorded{}, err)
			return false
		}
	}
	return true
}

func (s store) Subscribe(ctx context.Context, after eventstore.Position, filter eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		err := s.log.Follow(ctx, after, filter, func(d eventstore.Delivery) bool { return yield(d, nil) })
		if err != nil {
			yield(eventstore.Delivery{}, err)
		}
	}
}

func (s store) Head(ctx context.Context) (eventstore.Position, error) { return s.log.Newest(ctx) }

func (s store) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	return s.log.Behind(ctx, after, limit)
}
