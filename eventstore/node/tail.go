package node

import (
	"sync"

	"sleutelbos/eventstore"
)

// tail holds the newest events in memory, so that live readers need no SQL. Readers share
// its slices: elements are written once, beyond every slice handed out, and never again.
type tail struct {
	mu          sync.RWMutex
	events      []eventstore.Recorded // dense by position
	bytes       int
	most, limit int // events, bytes
}

// add appends the events of a commit. Twice the limits are kept before the older half goes,
// so that the copy is paid once in many commits.
func (t *tail) add(events []eventstore.Recorded) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events = append(t.events, events...)
	for i := range events {
		t.bytes += weight(&events[i])
	}
	if len(t.events) <= 2*t.most && t.bytes <= 2*t.limit {
		return
	}
	from, bytes := len(t.events), 0
	for from > 0 && len(t.events)-from < t.most && bytes+weight(&t.events[from-1]) <= t.limit {
		from--
		bytes += weight(&t.events[from])
	}
	kept := make([]eventstore.Recorded, len(t.events)-from, 2*t.most)
	copy(kept, t.events[from:])
	t.events, t.bytes = kept, bytes
}

func weight(e *eventstore.Recorded) int { return len(e.Data) + len(e.Metadata) + 152 }

// between answers the events from one position to another, both included, as far as the
// tail has all of them from the first on; none if it has not.
func (t *tail) between(from, to place) []eventstore.Recorded {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.events) == 0 || from < placeOf(t.events[0].Position) {
		return nil
	}
	first := placeOf(t.events[0].Position)
	i, j := int(from-first), int(min(uint64(to-first)+1, uint64(len(t.events))))
	if i >= j {
		return nil
	}
	return t.events[i:j:j]
}

// start answers the position of the oldest event here, or otherwise if there is none.
func (t *tail) start(otherwise place) place {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if len(t.events) == 0 {
		return otherwise
	}
	return placeOf(t.events[0].Position)
}

func (t *tail) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.events, t.bytes = nil, 0
}
