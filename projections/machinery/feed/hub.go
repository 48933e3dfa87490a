package feed

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// hub lets all subscriptions that are near the end of the log share one subscription to the store.
// It keeps the newest events in a window and waits for nobody: each member takes from the window
// at its own pace. A member that is further behind than the window reads the log by itself until
// it has come as far, see source.run. A hub reads for as long as it has members.
type hub struct {
	store eventstore.Store
	log   *slog.Logger

	mu      sync.Mutex
	current *reading
	running sync.WaitGroup // the readings
}

// member is a subscription that a hub serves.
type member struct {
	of   *reading
	acts func(eventstore.Recorded) bool // on which events; nil for all
	some chan struct{}                  // holds a token when there may be something to take
	idle bool                           // it has taken everything, and acts on nothing that came since
	told bool                           // it was told that it is at the present
}

// enter makes a member. Reading begins with the first one.
func (h *hub) enter(acts func(eventstore.Recorded) bool) *member {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.current == nil {
		h.current = h.read()
	}
	m := &member{of: h.current, acts: acts, some: make(chan struct{}, 1)}
	m.of.members[m] = struct{}{}
	return m
}

// leave lets a member go. Reading ends with the last one.
func (h *hub) leave(m *member) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(m.of.members, m)
	if len(m.of.members) > 0 {
		return
	}
	m.of.end()
	if h.current == m.of {
		h.current = nil
	}
}

// near says whether the window has everything beyond a position. It waits until there is a
// window, and returns false if the context or the reading ends first.
func (h *hub) near(ctx context.Context, m *member, at eventstore.Position) bool {
	select {
	case <-m.of.began:
	case <-m.of.over:
		return false
	case <-ctx.Done():
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return m.of.window.holds(at)
}

// take returns what has arrived beyond a position, at most so many events. It waits if nothing
// has. It returns false if the window no longer has what comes next, or if the context or the
// reading ended.
func (h *hub) take(ctx context.Context, m *member, at eventstore.Position, most int) (machinery.Batch, bool) {
	for {
		b, some, ok := h.now(m, at, most)
		if some || !ok {
			return b, ok
		}
		select {
		case <-m.some:
		case <-m.of.over:
			return b, false
		case <-ctx.Done():
			return b, false
		}
	}
}

func (h *hub) now(m *member, at eventstore.Position, most int) (b machinery.Batch, some, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := &m.of.window
	if !w.holds(at) {
		return b, false, false
	}
	b = w.beyond(at, most)
	if len(b.Events) == 0 && !b.Position.After(at) && (m.told || !b.CaughtUp) {
		m.idle = true
		return b, false, true
	}
	m.told, m.idle = b.CaughtUp, false
	return b, true, true
}

// lateAfter is how long a member waits at most that acts on nothing of what has come.
const lateAfter = 200 * time.Millisecond

// put takes in what has arrived, and says whom to wake.
func (h *hub) put(r *reading, d eventstore.Delivery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.window.add(d)
	for m := range r.members {
		if m.idle && (!d.IsEvent || m.acts == nil || m.acts(d.Event)) {
			m.idle = false
		}
	}
	signal(r.news)
}

// wake wakes the members: at once those that act on something that has come, the others later.
func (h *hub) wake(r *reading, all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if all {
		r.late = false
	}
	for m := range r.members {
		switch {
		case all || !m.idle:
			signal(m.some)
		case !r.late:
			r.late = true
			time.AfterFunc(lateAfter, func() { h.wake(r, true) })
		}
	}
}
