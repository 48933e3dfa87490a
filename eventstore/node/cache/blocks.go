package cache

import (
	"context"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

// BlockEvents is how many places are in a block.
const BlockEvents = 512

const cachedBlocks = 16

// Blocks share pages of the older log, so that many readers at one place read it once. A
// block never changes: ask only for blocks that the head is past.
type Blocks struct {
	mu  sync.Mutex
	lru *simplelru.LRU[logfile.Place, *block]
}

type block struct {
	ready  chan struct{}
	events []eventstore.Recorded // dense; cut short if they are large
	err    error
}

// NewBlocks returns an empty cache.
func NewBlocks() *Blocks { return &Blocks{lru: newLRU[logfile.Place, *block](cachedBlocks)} }

// BlockStart returns the first place of the block that a place is in.
func BlockStart(p logfile.Place) logfile.Place { return (p-1)/BlockEvents*BlockEvents + 1 }

// Get returns the events of the block that begins at a place, read by load if they are not
// here; callers for one block share a read. The events may be cut short if they are large.
func (b *Blocks) Get(ctx context.Context, first logfile.Place, load func(from, to logfile.Place) ([]eventstore.Recorded, error)) ([]eventstore.Recorded, error) {
	b.mu.Lock()
	found, ok := b.lru.Get(first)
	if !ok {
		found = &block{ready: make(chan struct{})}
		b.lru.Add(first, found)
	}
	b.mu.Unlock()
	last := first + BlockEvents - 1
	if !ok {
		found.events, found.err = load(first, last)
		if found.err != nil {
			b.mu.Lock()
			b.lru.Remove(first)
			b.mu.Unlock()
		}
		close(found.ready)
		return found.events, found.err
	}
	select {
	case <-found.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if found.err != nil { // the other's context may have ended
		return load(first, last)
	}
	return found.events, nil
}

// ReadOn says whether the block before one is here and the next is not: so it is when a
// reader goes through the log, who will soon want the next.
func (b *Blocks) ReadOn(first logfile.Place) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lru.Contains(first-BlockEvents) && !b.lru.Contains(first+BlockEvents)
}

// Forget drops all blocks.
func (b *Blocks) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lru.Purge()
}
