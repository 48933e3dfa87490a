package feed

import (
	"context"
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// buffer holds the events that have arrived and were not taken yet. They are taken many at a
// time, under one lock. When it is full the receiver waits, so that memory stays bounded.
type buffer struct {
	mu       sync.Mutex
	events   []eventstore.Recorded
	position eventstore.Position // up to which all has arrived
	given    eventstore.Position // up to which all was taken
	last     machinery.Mark      // the last event that has arrived, or before which it began
	ended    bool                // nothing can come any more
	caughtUp bool                // the subscription is at the present
	told     bool                // the taker was told so
	some     chan struct{}       // holds a token when there is something to take
	room     chan struct{}       // holds a token when something was taken
}

func newBuffer(after eventstore.Position) *buffer {
	return &buffer{position: after, given: after, some: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

func (b *buffer) reached() eventstore.Position {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.position
}

// newest returns the last event that has arrived.
func (b *buffer) newest() machinery.Mark {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.last
}

// end notes that nothing can come any more. What was not taken is forgotten.
func (b *buffer) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	signal(b.some)
}

// lost notes that the subscription ended, so that nobody knows whether these are the newest
// events.
func (b *buffer) lost() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.caughtUp, b.told = false, false
}

// put adds a delivery, and waits for room first. It returns false if the context ended.
func (b *buffer) put(ctx context.Context, d eventstore.Delivery) bool {
	for {
		b.mu.Lock()
		if len(b.events) < mostWaiting {
			break
		}
		b.mu.Unlock()
		select {
		case <-b.room:
		case <-ctx.Done():
			return false
		}
	}
	defer b.mu.Unlock()
	if d.IsEvent {
		b.events = append(b.events, d.Event)
		b.last = machinery.MarkOf(d.Event)
	}
	b.position = eventstore.Later(b.position, d.Covers())
	b.caughtUp = b.caughtUp || d.CaughtUp
	signal(b.some)
	return true
}

// take returns what has arrived, at most so many events. It waits if nothing has. It returns
// false if the context or the subscription ended.
func (b *buffer) take(ctx context.Context, most int) (machinery.Batch, bool) {
	for {
		if b.over() {
			return machinery.Batch{}, false
		}
		if batch, ok := b.now(most); ok {
			signal(b.room)
			return batch, true
		}
		select {
		case <-b.some:
		case <-ctx.Done():
			return machinery.Batch{}, false
		}
	}
}

func (b *buffer) over() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.ended
}

func (b *buffer) now(most int) (machinery.Batch, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.events) > most {
		batch := machinery.Batch{Events: b.events[:most:most]}
		batch.Position = batch.Events[most-1].Position
		b.events, b.given = b.events[most:], batch.Position
		return batch, true
	}
	if len(b.events) == 0 && b.position == b.given && (b.told || !b.caughtUp) {
		return machinery.Batch{}, false
	}
	batch := machinery.Batch{Events: b.events, Position: b.position, CaughtUp: b.caughtUp}
	b.events, b.given, b.told = nil, b.position, b.caughtUp
	return batch, true
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
