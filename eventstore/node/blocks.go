package node

import (
	"context"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

const (
	blockEvents  = 512 // positions in a block
	cachedBlocks = 16
)

// blocks share pages of the older log, so that many readers at one place read it once. A
// block never changes: it is cached only when the head is past it.
type blocks struct {
	mu  sync.Mutex
	lru *simplelru.LRU[place, *block]
}

type block struct {
	ready  chan struct{}
	events []eventstore.Recorded // dense; cut short if they are large
	err    error
}

func newBlocks() *blocks {
	lru, err := simplelru.NewLRU[place, *block](cachedBlocks, nil)
	if err != nil {
		panic(err) // only for a size that is not positive
	}
	return &blocks{lru: lru}
}

// blockStart answers the first position of the block that a position is in.
func blockStart(p place) place { return (p-1)/blockEvents*blockEvents + 1 }

// chunk answers events from a position on, that one included, as many as are at hand and
// at least one; the position is not beyond the head.
func (l *Log) chunk(ctx context.Context, from, head place) ([]eventstore.Recorded, error) {
	if events := l.tail.between(from, head); events != nil {
		return events, nil
	}
	first := blockStart(from)
	if last := first + blockEvents - 1; last <= head {
		l.prefetch(first, head)
		events, err := l.block(ctx, first, last)
		if err != nil {
			return nil, err
		}
		if i := int(from - first); i < len(events) {
			return events[i:], nil
		}
		head = last
	}
	return l.readRange(ctx, from, min(head, from+blockEvents-1))
}

// before answers events up to a position, that one included, in the order of the log.
func (l *Log) before(ctx context.Context, to, head place) ([]eventstore.Recorded, error) {
	if from := l.tail.start(head + 1); from <= to {
		return l.tail.between(from, to), nil
	}
	first := blockStart(to)
	if last := first + blockEvents - 1; last <= head {
		events, err := l.block(ctx, first, last)
		if err != nil {
			return nil, err
		}
		if n := int(to-first) + 1; n <= len(events) {
			return events[:n:n], nil
		}
	}
	events, err := l.readRange(ctx, first, to)
	if err != nil || len(events) == int(to-first)+1 {
		return events, err
	}
	return l.readRange(ctx, to, to) // the events are large: one at a time
}

func (l *Log) block(ctx context.Context, first, last place) ([]eventstore.Recorded, error) {
	l.blocks.mu.Lock()
	b, ok := l.blocks.lru.Get(first)
	if !ok {
		b = &block{ready: make(chan struct{})}
		l.blocks.lru.Add(first, b)
	}
	l.blocks.mu.Unlock()
	if !ok {
		b.events, b.err = l.readRange(ctx, first, last)
		if b.err != nil {
			l.blocks.mu.Lock()
			l.blocks.lru.Remove(first)
			l.blocks.mu.Unlock()
		}
		close(b.ready)
		return b.events, b.err
	}
	select {
	case <-b.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if b.err != nil { // the other's context may have ended
		return l.readRange(ctx, first, last)
	}
	return b.events, nil
}

// prefetch reads the next block in the background for whoever comes from the one before:
// so the disk's work and the reader's go side by side.
func (l *Log) prefetch(first, head place) {
	next := first + blockEvents
	l.blocks.mu.Lock()
	wanted := next+blockEvents-1 <= head && l.blocks.lru.Contains(first-blockEvents) && !l.blocks.lru.Contains(next)
	l.blocks.mu.Unlock()
	if !wanted {
		return
	}
	l.closing.RLock()
	defer l.closing.RUnlock()
	if !l.closed {
		l.running.Go(func() {
			// Whoever comes for the block finds it, or gets the error from a read of its own.
			_, _ = l.block(l.ctx, next, next+blockEvents-1)
		})
	}
}

func (l *Log) readRange(ctx context.Context, from, to place) (events []eventstore.Recorded, err error) {
	err = l.reading(ctx, func(c *sqlitex.Conn) error {
		events, err = l.events(c, "", int(to-from)+1, "WHERE pos BETWEEN ? AND ? ORDER BY pos", int64(from), int64(to))
		if err == nil && (len(events) == 0 || placeOf(events[0].Position) != from) {
			err = missing(from)
		}
		return err
	})
	return events, err
}
