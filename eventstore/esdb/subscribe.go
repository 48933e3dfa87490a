package esdb

import (
	"context"
	"iter"
	"slices"

	client "github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// Subscribe implements eventstore.Store. It does not connect again: once the server is lost it
// ends with an error that wraps eventstore.ErrUnavailable. The subscriber knows how far it
// came, and subscribes again from there. A server that ends the subscription because it does not
// keep up is not lost: that goes on from where it was, and the subscriber does not hear of it.
func (s *Store) Subscribe(ctx context.Context, after eventstore.Position, filter eventstore.Filter) iter.Seq2[eventstore.Delivery, error] {
	return func(yield func(eventstore.Delivery, error) bool) {
		if !after.Before(eventstore.End) {
			head, err := s.Head(ctx)
			if err != nil {
				yield(eventstore.Delivery{}, err)
				return
			}
			after = head
		}
		sub := &subscriber{store: s, filter: filter, at: after, seen: after}
		flow[eventstore.Delivery]{store: s, doing: "subscribe to the log", fetch: sub.fetch, endless: true}.seq(ctx)(yield)
	}
}

type subscriber struct {
	store    *Store
	filter   eventstore.Filter
	at       eventstore.Position // up to which the server says that it has looked
	seen     eventstore.Position // of the last event, or where the subscription began; only events move it
	caughtUp bool
}

// fetch subscribes again each time that the server found the subscriber too slow. It pauses only
// if nothing came since the last time.
func (s *subscriber) fetch(ctx context.Context, steps chan<- step[eventstore.Delivery]) error {
	for again := pause.Between(firstPause, longestPause); ; {
		before := s.at
		err := s.once(ctx, steps)
		switch {
		case !tooSlow(err):
			return err
		case s.at != before:
			again.Reset()
		case !again.Wait(ctx):
			return ended(ctx)
		}
	}
}

// once subscribes from where the subscriber is, and passes on what comes.
func (s *subscriber) once(ctx context.Context, steps chan<- step[eventstore.Delivery]) error {
	sub, err := s.store.client.SubscribeToAll(ctx, client.SubscribeToAllOptions{
		From:               place(s.at),
		Filter:             onServer(s.filter),
		MaxSearchWindow:    searchWindow,
		CheckpointInterval: 1,
	})
	if err != nil {
		return err
	}
	defer func() { _ = sub.Close() }() // it has no errors
	if !offer(ctx, steps, step[eventstore.Delivery]{open: true}) {
		return ended(ctx)
	}
	for {
		e := sub.Recv()
		if e.SubscriptionDropped != nil {
			return e.SubscriptionDropped.Error
		}
		if d, ok := s.delivery(e); ok && !offer(ctx, steps, step[eventstore.Delivery]{value: d}) {
			return ended(ctx)
		}
	}
}

// delivery returns what the subscriber gets for a message, and false if that is nothing.
func (s *subscriber) delivery(e *client.SubscriptionEvent) (eventstore.Delivery, bool) {
	switch {
	case e.EventAppeared != nil:
		r := recorded(e.EventAppeared)
		if !r.Position.After(s.seen) {
			return eventstore.Delivery{}, false
		}
		s.seen, s.at = r.Position, eventstore.Later(s.at, r.Position)
		show := shown(r) && matches(s.filter, r)
		if !show {
			return eventstore.Delivery{Position: r.Position}, true
		}
		return eventstore.Delivery{Event: r, IsEvent: true, Position: r.Position}, true
	case e.CheckPointReached != nil && received(*e.CheckPointReached).After(s.at):
		s.at = received(*e.CheckPointReached)
		return eventstore.Delivery{Position: s.at}, true
	case e.CaughtUp != nil && !s.caughtUp:
		s.caughtUp = true
		return eventstore.Delivery{CaughtUp: true, Position: s.at}, true
	}
	return eventstore.Delivery{}, false
}

// onServer returns the filter that the server applies. If we have none, the server leaves out
// the system's types, which are most of a quiet log. What else is not shown is left out here.
func onServer(f eventstore.Filter) *client.SubscriptionFilter {
	switch {
	case len(f.Streams) > 0 && !slices.Contains(f.Streams, ""):
		return &client.SubscriptionFilter{Type: client.StreamFilterType, Prefixes: f.Streams}
	case len(f.Types) > 0 && !slices.Contains(f.Types, ""):
		return &client.SubscriptionFilter{Type: client.EventFilterType, Prefixes: f.Types}
	}
	return client.ExcludeSystemEventsFilter()
}
