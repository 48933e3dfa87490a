package feed

import (
	"sort"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// A window keeps at least so many of the newest events and at most twice as many, fewer if they
// take more bytes.
const (
	leastKept = 4 * mostPacked
	mostBytes = 16 << 20
)

// window is the newest part of the log, as far as it is kept in memory.
type window struct {
	from     eventstore.Position   // every event beyond it is in events
	events   []eventstore.Recorded // in the order of the log; what is in it never changes
	bytes    int                   // that they take
	reached  eventstore.Position   // up to which all has arrived
	last     machinery.Mark        // the last event up to there
	caughtUp bool                  // these are the newest events
}

// windowAfter returns an empty window that begins behind an event, or at the beginning of the log.
func windowAfter(last machinery.Mark) window {
	return window{from: last.Position, reached: last.Position, last: last}
}

// add takes in what has arrived.
func (w *window) add(d eventstore.Delivery) {
	if d.IsEvent {
		w.events = append(w.events, d.Event)
		w.bytes += size(d.Event)
		w.last = machinery.MarkOf(d.Event)
		if len(w.events) >= 2*leastKept || w.bytes > mostBytes {
			w.trim()
		}
	}
	w.reached = eventstore.Later(w.reached, d.Covers())
	w.caughtUp = w.caughtUp || d.CaughtUp
}

// trim lets go of the older half of the events. Batches that were taken keep theirs.
func (w *window) trim() {
	first := (len(w.events) + 1) / 2
	w.from = w.events[first-1].Position
	w.events = append([]eventstore.Recorded(nil), w.events[first:]...)
	w.bytes = 0
	for _, e := range w.events {
		w.bytes += size(e)
	}
}

func size(e eventstore.Recorded) int { return len(e.Data) + len(e.Metadata) }

// holds says whether everything beyond a position is in the window.
func (w *window) holds(at eventstore.Position) bool { return !at.Before(w.from) }

// beyond returns what follows a position that the window holds, at most so many events.
func (w *window) beyond(at eventstore.Position, most int) machinery.Batch {
	first := sort.Search(len(w.events), func(i int) bool { return w.events[i].Position.After(at) })
	events := w.events[first:len(w.events):len(w.events)]
	if len(events) > most {
		return machinery.Batch{Events: events[:most:most], Position: events[most-1].Position}
	}
	return machinery.Batch{Events: events, Position: eventstore.Later(at, w.reached), CaughtUp: w.caughtUp}
}
