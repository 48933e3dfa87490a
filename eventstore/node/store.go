package node

import (
	"context"
	"fmt"
	"iter"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// considered is after how many events that a filter drops a subscriber hears how far it is.
const considered = 1024

// Store answers the port to the log, which hides the system events.
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
	return s.log.together(ctx, appends)
}

// checkShown refuses to write what the port does not show.
func checkShown(stream string, events []eventstore.Event) error {
	if len(stream) > 0 && stream[0] == '$' {
		return fmt.Errorf("%w: streams that start with $ are the store's own", ErrInvalid)
	}
	for _, e := range events {
		if len(e.Type) > 0 && e.Type[0] == '$' {
			return fmt.Errorf("%w: types that start with $ are the store's own", ErrInvalid)
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
			page, err := s.log.ReadStream(ctx, stream, next, dir, defaultLimit)
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

// yieldAll yields what the port shows of events, and the error of a context that ends
// meanwhile; false if the reader is to get no more.
func yieldAll(ctx context.Context, events []eventstore.Recorded, yield func(eventstore.Recorded, error) bool) bool {
	for i := range events {
		if e := &events[i]; !isSystem(e.Stream, e.Type) && !yield(*e, nil) {
			return false
		}
		if err := ctx.Err(); err != nil {
			yield(eventstore.Recorded{}, err)
			return false
		}
	}
	return true
}

func (s store) ReadAll(ctx context.Context, beyond eventstore.Position, dir eventstore.Direction, filter eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		q := AllQuery{Beyond: beyond, Direction: dir, Filter: filter}
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

func (s store) Subscribe(ctx context.Context, after eventstore.Position, filter eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		err := s.log.follow(ctx, AllQuery{Beyond: after, Filter: filter, Consider: considered}, func(d eventstore.Delivery) bool {
			return yield(d, nil)
		})
		if err != nil {
			yield(eventstore.Delivery{}, err)
		}
	}
}

// follow delivers the log from a position on, until the context ends, the log closes, or
// the reader has had enough (no error then).
func (l *Log) follow(ctx context.Context, q AllQuery, deliver func(eventstore.Delivery) bool) error {
	if l.writer == nil {
		return ErrReadOnly
	}
	if !q.Beyond.Before(eventstore.End) {
		q.Beyond = l.Head()
	}
	told, caughtUp := q.Beyond, false
	for {
		changed := l.Changed()
		page, err := l.ReadAll(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Events {
			told = page.Events[i].Position
			if !deliver(eventstore.Delivery{Event: page.Events[i], IsEvent: true, Position: told}) {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		q.Beyond = eventstore.Later(q.Beyond, page.Next)
		if q.Beyond.After(told) && (page.AtEnd || placeOf(q.Beyond)-placeOf(told) >= considered) {
			told = q.Beyond
			if !deliver(eventstore.Delivery{Position: told}) {
				return nil
			}
		}
		if !page.AtEnd {
			continue
		}
		if !caughtUp {
			caughtUp = true
			if !deliver(eventstore.Delivery{CaughtUp: true, Position: q.Beyond}) {
				return nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s store) Head(ctx context.Context) (eventstore.Position, error) {
	l := s.log
	if err := l.alive(ctx); err != nil {
		return eventstore.Position{}, err
	}
	if l.writer != nil {
		return place(l.visible.Load()).position(), nil
	}
	var head place
	err := l.reading(ctx, func(c *sqlitex.Conn) error {
		newest, err := c.Integer(0, "SELECT max(pos) FROM events")
		if err != nil {
			return err
		}
		shown, err := c.Integer(0, "SELECT shown FROM events WHERE pos=?", newest)
		if err != nil {
			return err
		}
		head, err = lastShown(c, newest, shown)
		return err
	})
	return head.position(), err
}

func (s store) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	l := s.log
	if err := l.alive(ctx); err != nil {
		return 0, err
	}
	if l.writer != nil && after.Commit() >= l.visible.Load() {
		return 0, nil
	}
	var behind int64
	err := l.reading(ctx, func(c *sqlitex.Conn) error {
		// Each row counts what is shown up to it, so two rows tell how much lies between.
		all, err := c.Integer(0, "SELECT shown FROM events ORDER BY pos DESC LIMIT 1")
		if err != nil {
			return err
		}
		before, err := c.Integer(0, "SELECT shown FROM events WHERE pos<=? ORDER BY pos DESC LIMIT 1", int64(eventstore.Earlier(after, eventstore.End).Commit()))
		behind = all - before
		return err
	})
	return max(0, min(behind, limit)), err
}
