package cache

import (
	"sync"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
)

// Tail holds the newest events in memory, so that live readers need no SQL. Readers share
// its slices: an element is written once, beyond every slice handed out, and never again.
type Tail struct {
	mu          sync.RWMutex
	events      []eventstore.Recorded // dense by place
	bytes       int
	most, limit int // events, bytes
}

// NewTail returns a tail that keeps the newest events, at most so many and of so many bytes.
func NewTail(events, bytes int) *Tail { return &Tail{most: events, limit: bytes} }

// Add appends the events of a commit. Twice the limits are kept before the older half goes,
// so that the copy is paid once in many commits.
func (t *Tail) Add(events []eventstore.Recorded) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, events...)
	for i := range events {
		t.bytes += Weight(&events[i])
	}
	if len(t.events) <= 2*t.most && t.bytes <= 2*t.limit {
		return
	}
	from, bytes := len(t.events), 0
	for from > 0 && len(t.events)-from < t.most && bytes+Weight(&t.events[from-1]) <= t.limit {
		from--
		bytes += Weight(&t.events[from])
	}
	kept := make([]eventstore.Recorded, len(t.events)-from, 2*t.most)
	copy(kept, t.events[from:])
	t.events, t.bytes = kept, bytes
}

// Weight returns about how many bytes of memory an event takes.
func Weight(e *eventstore.Recorded) int { return len(e.Data) + len(e.Metadata) + 152 }

// Between returns the events from one place to another, both included, as far as the tail
// has all of them from the first on; none if it has not.
func (t *Tail) Between(from, to logfile.Place) []eventstore.Recorded {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.events) == 0 {
		return nil
	}
	first := logfile.PlaceOf(t.events[0].Position)
	if from < first {
		return nil
	}
	i, j := int(from-first), int(min(uint64(to-first)+1, uint64(len(t.events))))
	if i >= j {
		return nil
	}
	return t.events[i:j:j]
}

// Start returns the place of the oldest event here, or otherwise if there is none.
func (t *Tail) Start(otherwise logfile.Place) logfile.Place {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.events) == 0 {
		return otherwise
	}
	return logfile.PlaceOf(t.events[0].Position)
}

// Forget drops all events.
func (t *Tail) Forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events, t.bytes = nil, 0
}
