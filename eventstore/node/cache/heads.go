package cache

import (
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"sleutelbos/eventstore/node/index"
)

// cachedStreams is how many streams' heads stay in memory, at some 300 bytes each.
const cachedStreams = 1 << 16

// Heads keeps the heads of the streams used last. Only a commit changes a head, so what is
// here is never old; a head read from the file while its stream was written is not kept.
type Heads struct {
	mu    sync.Mutex
	lru   *simplelru.LRU[string, index.Head]
	loads map[string]*headLoad
}

// headLoad is a read of a head that several callers wait for.
type headLoad struct {
	ready chan struct{}
	head  index.Head
	err   error
}

// NewHeads returns an empty cache.
func NewHeads() *Heads {
	return &Heads{lru: newLRU[string, index.Head](cachedStreams), loads: map[string]*headLoad{}}
}

// Cached returns a head if it is here.
func (h *Heads) Cached(stream string) (index.Head, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.lru.Get(stream)
}

// Get returns a head, read by fetch if it is not here; callers for one stream share a read.
func (h *Heads) Get(stream string, fetch func() (index.Head, error)) (index.Head, error) {
	h.mu.Lock()
	if found, ok := h.lru.Get(stream); ok {
		h.mu.Unlock()
		return found, nil
	}
	if l, ok := h.loads[stream]; ok {
		h.mu.Unlock()
		<-l.ready
		if l.err == nil {
			return l.head, nil
		}
		return fetch() // the other's context may have ended
	}
	l := &headLoad{ready: make(chan struct{})}
	h.loads[stream] = l
	h.mu.Unlock()

	l.head, l.err = fetch()

	h.mu.Lock()
	if h.loads[stream] == l { // not overtaken by a commit
		delete(h.loads, stream)
		if l.err == nil {
			h.lru.Add(stream, l.head)
		}
	}
	h.mu.Unlock()
	close(l.ready)
	return l.head, l.err
}

// Publish replaces heads after a commit.
func (h *Heads) Publish(changed map[string]index.Head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for stream, head := range changed {
		h.lru.Add(strings.Clone(stream), head)
		delete(h.loads, stream)
	}
}

// Forget drops all heads, when what was committed is not known for sure.
func (h *Heads) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lru.Purge()
	clear(h.loads)
}
