package esdb

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// cursor is how far a read has come, so that it can go on over a new connection.
type cursor interface {
	open(ctx context.Context, c *client.Client, count uint64) (*client.ReadStream, error)
	// take moves the cursor past an event, and reports whether the reader gets the event.
	take(eventstore.Recorded) bool
	// finished reports whether nothing can come after the cursor.
	finished() bool
}

// ReadStream implements eventstore.Store.
func (s *Store) ReadStream(ctx context.Context, stream string, from int64, dir eventstore.Direction) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		c := &streamCursor{stream: stream, next: from, dir: dir}
		s.read("read "+stream, c, math.MaxInt64).seq(ctx)(yield)
	}
}

// ReadAll implements eventstore.Store. The client cannot ask the server to filter a read, so
// the filter is applied here.
func (s *Store) ReadAll(ctx context.Context, beyond eventstore.Position, dir eventstore.Direction, filter eventstore.Filter) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		c := &allCursor{beyond: beyond, dir: dir, filter: filter}
		s.read("read the log", c, math.MaxInt64).seq(ctx)(yield)
	}
}

// Head implements eventstore.Store.
func (s *Store) Head(ctx context.Context) (eventstore.Position, error) {
	c := &allCursor{beyond: eventstore.End, dir: eventstore.Backwards}
	const few = 8 // it is rare that all of so many are system events
	for newest, err := range s.read("find the head of the log", c, few).seq(ctx) {
		return newest.Position, err
	}
	return eventstore.Position{}, nil
}

// At implements eventstore.Store. The server refuses a position at which its log has no event
// with the status of an error that it did not expect.
func (s *Store) At(ctx context.Context, position eventstore.Position) (eventstore.Recorded, bool, error) {
	if position.IsZero() || !position.Before(eventstore.End) {
		return eventstore.Recorded{}, false, nil
	}
	for r, err := range s.read("look at a place of the log", &placeCursor{at: position}, 1).seq(ctx) {
		if refused(err) {
			return eventstore.Recorded{}, false, nil
		}
		return r, err == nil, err
	}
	return eventstore.Recorded{}, false, nil
}

// Behind implements eventstore.Store.
func (s *Store) Behind(ctx context.Context, after eventstore.Position, limit int64) (int64, error) {
	var n int64
	if limit <= 0 {
		return 0, nil
	}
	for _, err := range s.ReadAll(ctx, after, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return 0, err
		}
		if n++; n == limit {
			break
		}
	}
	return n, nil
}

// read returns a flow of events. It reads pages: the first has count events, and each is
// larger than the one before.
func (s *Store) read(doing string, c cursor, count uint64) flow[eventstore.Recorded] {
	fetch := func(ctx context.Context, steps chan<- step[eventstore.Recorded]) error {
		for again := pause.Between(firstPause, longestPause); !c.finished(); {
			got, err := s.page(ctx, c, count, steps)
			switch {
			case missing(err), err == nil && got < count:
				offer(ctx, steps, step[eventstore.Recorded]{open: true})
				return nil
			case err == nil:
				count *= 4
			case !lost(err):
				return err
			default:
				s.notice(ctx, err)
				if !again.Wait(ctx) {
					return err
				}
			}
		}
		return nil
	}
	return flow[eventstore.Recorded]{store: s, doing: doing, fetch: fetch}
}

func (s *Store) page(ctx context.Context, c cursor, count uint64, steps chan<- step[eventstore.Recorded]) (got uint64, err error) {
	stream, err := c.open(ctx, s.client, count)
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	for {
		e, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return got, ended(ctx)
		}
		if err != nil {
			return got, err
		}
		if got == 0 && !offer(ctx, steps, step[eventstore.Recorded]{open: true}) {
			return got, ended(ctx)
		}
		got++
		r := recorded(e)
		if c.take(r) && !offer(ctx, steps, step[eventstore.Recorded]{value: r}) {
			return got, ended(ctx)
		}
	}
}

// notice makes the client see that its connection is lost, so that it looks for the server
// again among all nodes of a cluster. The client does not see it by the error with which a
// read begins, but by that of a subscription.
func (s *Store) notice(ctx context.Context, err error) {
	if _, ok := errors.AsType[*client.Error](err); ok {
		return
	}
	if sub, err := s.client.SubscribeToAll(ctx, client.SubscribeToAllOptions{From: client.End{}}); err == nil {
		_ = sub.Close() // it has no errors
	}
}

func recorded(e *client.ResolvedEvent) eventstore.Recorded {
	o := e.OriginalEvent()
	return eventstore.Recorded{
		Event: eventstore.Event{
			ID: o.EventID, Type: o.EventType, Data: o.Data, Metadata: o.UserMetadata,
			Binary: o.ContentType != "application/json",
		},
		Stream:   o.StreamID,
		Revision: int64(o.EventNumber),
		Position: received(o.Position),
		Created:  o.CreatedDate,
	}
}
