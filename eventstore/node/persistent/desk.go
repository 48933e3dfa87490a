package persistent

import (
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// message is one event on its way through a group.
type message struct {
	at      int64 // its place in the source; of a replayed one, in the parked stream
	event   eventstore.Recorded
	target  eventstore.Recorded // what event links to, if links are resolved; zero if gone
	link    bool                // event is a link that was resolved
	parked  bool                // it comes from the parked stream
	retries int
	reason  string // why it is to be parked

	holder   *Connection // who has it; nil if nobody
	sent     time.Time
	deadline time.Time // zero if there is none
	done     bool      // acknowledged, skipped or parked
}

// desk is where a group and its consumers meet: the group lays messages on it, consumers take
// them and say how they ended.
//
//	readSource ─► ready ─┐                    ┌─► Ack:  finish
//	readParked ─► again ─┴─► dispatch ─► holds ┼─► Nack: again, parks or finish
//	                ▲                          └─► late: again
//	                └──────────────────────────────┘
type desk struct {
	settings Settings
	now      func() time.Time
	wake     chan struct{} // one place: there may be something to do

	mu        sync.Mutex // guards all below, the consumers' fields included
	closed    bool
	consumers []*Connection
	turn      int // of RoundRobin

	source  window     // messages of the source, and how far they are done
	replay  window     // parked messages that are handed out again
	ready   []*message // read, and not handed out yet
	again   []*message // to be retried, in order
	parks   []*message // to be parked
	unsaved int        // messages of the source that were done since the last checkpoint
	total   meter
}

// nudge tells the group's goroutine that there may be something to do.
func (d *desk) nudge() {
	select {
	case d.wake <- struct{}{}:
	default: // it was told already
	}
}

// connect adds a consumer.
func (d *desk) connect(c Consumer) (*Connection, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, ErrDropped
	}
	if most := d.settings.MaxSubscribers; most > 0 && len(d.consumers) >= most {
		return nil, ErrFull
	}
	c.Buffer = min(max(1, c.Buffer), maxHeld)
	conn := &Connection{
		Consumer: c, desk: d, signal: make(chan struct{}, 1), gone: make(chan struct{}), holds: map[uuid.UUID]*message{},
		salt: uuid.New(),
	}
	d.consumers = append(d.consumers, conn)
	d.nudge()
	return conn, nil
}

// disconnect removes a consumer, and hands what it holds to others. The caller holds mu.
func (d *desk) disconnect(c *Connection) {
	i := slices.Index(d.consumers, c)
	if i < 0 {
		return
	}
	d.consumers = slices.Delete(d.consumers, i, i+1)
	c.drop()
	for id, m := range c.holds {
		queued := slices.Contains(c.queue, m)
		c.release(id)
		if queued { // it was never sent: that was no attempt
			d.retryLater(m)
		} else {
			d.retry(m, "the consumer disconnected")
		}
	}
}

// finish marks a message as done. The caller holds mu.
func (d *desk) finish(m *message) {
	m.done, m.event, m.target = true, eventstore.Recorded{}, eventstore.Recorded{}
	if m.parked {
		d.replay.settle()
		return
	}
	d.unsaved++
	d.source.settle()
}

// window is a run of messages in the order of their places, done or not.
type window struct {
	read int64      // everything up to here was read
	done int64      // everything up to here is done
	open []*message // what was read, from the first that is not done on
}

func (w *window) begin(after int64) { w.read, w.done, w.open = after, after, nil }

// settle moves done forward as far as it goes.
func (w *window) settle() {
	n := 0
	for n < len(w.open) && w.open[n].done {
		w.done = w.open[n].at
		w.open[n] = nil
		n++
	}
	w.open = w.open[n:]
	if len(w.open) == 0 {
		w.done = w.read
		w.open = nil
	}
}

// maxOpen bounds what is remembered behind a message that nobody finishes.
const maxOpen = 100_000
