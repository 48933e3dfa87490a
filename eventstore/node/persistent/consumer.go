package persistent

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// Consumer says who connects to a group.
type Consumer struct {
	Name   string // of the connection
	From   string // address
	User   string
	Buffer int // messages it may hold at the same time
}

// maxHeld is the most that one consumer may hold, whatever it asks for.
const maxHeld = 10_000

// Delivery is a message for a consumer.
type Delivery struct {
	Event   eventstore.Recorded // acknowledge its id
	Link    bool                // Event is a link, and Target what it points to
	Target  eventstore.Recorded // zero if it is gone
	Retries int
}

// Action says what to do with a message that a consumer refuses.
type Action int

// The actions. The zero leaves it to the group, which retries.
const (
	Decide Action = iota
	Park
	Retry
	Skip
	Leave // hand it to others and drop this consumer
)

// Connection is a consumer that is connected. Its methods may be called from several
// goroutines at the same time, except Next.
type Connection struct {
	Consumer
	desk    *desk
	signal  chan struct{} // one place: something was queued
	gone    chan struct{} // closed when it is dropped
	dropped bool

	// The fields below are guarded by the desk's mu.
	holds map[uuid.UUID]*message // sent or queued, and not acknowledged
	queue []*message             // to be sent

	salt      uuid.UUID // its own, for Pinned
	total     meter
	latencies []time.Duration // of the last acknowledgements, if the group wants statistics
}

// drop ends a connection. The caller holds the desk's mu.
func (c *Connection) drop() {
	if !c.dropped {
		c.dropped = true
		close(c.gone)
	}
}

// Next waits for a message. Errors: ErrDropped, the context's.
func (c *Connection) Next(ctx context.Context) (Delivery, error) {
	for {
		if d, ok := c.pop(); ok {
			return d, nil
		}
		select {
		case <-c.signal:
		case <-c.gone:
			return Delivery{}, ErrDropped
		case <-ctx.Done():
			return Delivery{}, ctx.Err()
		}
	}
}

func (c *Connection) pop() (Delivery, bool) {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	if len(c.queue) == 0 || c.dropped {
		return Delivery{}, false
	}
	m := c.queue[0]
	c.queue[0] = nil
	c.queue = c.queue[1:]
	return Delivery{Event: m.event, Link: m.link, Target: m.target, Retries: m.retries}, true
}

// Ack says that messages were dealt with. Ids of messages that the consumer does not hold are
// ignored: they timed out, and another consumer has them.
func (c *Connection) Ack(ids ...uuid.UUID) {
	d := c.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		if m := c.release(id); m != nil {
			c.count(m)
			d.finish(m)
			d.handOutAll()
		}
	}
	d.nudge()
}

// Nack says that messages could not be dealt with. Each is handed out again in its turn: in the
// order in which they were refused, not in that of the log.
func (c *Connection) Nack(action Action, reason string, ids ...uuid.UUID) {
	d := c.desk
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range ids {
		m := c.release(id)
		if m == nil {
			continue
		}
		c.count(m)
		switch action {
		case Park:
			m.reason = reason
			d.parks = append(d.parks, m)
		case Skip:
			d.finish(m)
		case Leave:
			d.retryLater(m)
		default:
			d.retry(m, reason)
		}
		if action != Leave { // it would come back to whoever leaves
			d.handOutAll()
		}
	}
	if action == Leave {
		d.disconnect(c)
	}
	d.nudge()
}

// release takes a message from the consumer, and returns nil if it does not hold it. The
// caller holds mu.
func (c *Connection) release(id uuid.UUID) *message {
	m := c.holds[id]
	if m == nil {
		return nil
	}
	delete(c.holds, id)
	if i := slices.Index(c.queue, m); i >= 0 {
		c.queue = slices.Delete(c.queue, i, i+1)
	}
	m.holder = nil
	return m
}

// Close disconnects the consumer; what it holds goes to others, in order.
func (c *Connection) Close() {
	c.desk.mu.Lock()
	defer c.desk.mu.Unlock()
	c.desk.disconnect(c)
	c.desk.nudge()
}
