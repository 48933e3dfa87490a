package persistent

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// Consumer is who connects to a group.
type Consumer struct {
	Name   string // of the connection
	From   string // address
	User   string
	Buffer int // messages it may hold without an answer
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

// Action is what is to be done with a message that a consumer refuses.
type Action int

// The actions. The zero leaves it to the group, which retries.
const (
	Decide Action = iota
	Park
	Retry
	Skip
	Leave // hand it to others and drop this consumer
)

// Connection is a consumer that is connected. Its methods may be called at once from
// several goroutines, Next from one.
type Connection struct {
	Consumer
	g       *group
	signal  chan struct{} // one place: something was queued
	gone    chan struct{} // closed when it is dropped
	dropped bool

	// Guarded by the group's mu.
	holds map[uuid.UUID]*message // sent or queued, not answered
	queue []*message             // to be sent

	salt      uuid.UUID // its own, for Pinned
	total     meter
	latencies []time.Duration // of the last answers, if the group wants statistics
}

func (g *group) connect(c Consumer) (*Connection, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, ErrDropped
	}
	if most := g.config.Settings.MaxSubscribers; most > 0 && len(g.consumers) >= most {
		return nil, ErrFull
	}
	c.Buffer = min(max(1, c.Buffer), maxHeld)
	conn := &Connection{
		Consumer: c, g: g, signal: make(chan struct{}, 1), gone: make(chan struct{}), holds: map[uuid.UUID]*message{},
		salt: uuid.New(),
	}
	g.consumers = append(g.consumers, conn)
	g.nudge()
	return conn, nil
}

// drop ends a connection. The caller holds the group's mu.
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
	c.g.mu.Lock()
	defer c.g.mu.Unlock()
	if len(c.queue) == 0 || c.dropped {
		return Delivery{}, false
	}
	m := c.queue[0]
	c.queue[0] = nil
	c.queue = c.queue[1:]
	return Delivery{Event: m.event, Link: m.link, Target: m.target, Retries: m.retries}, true
}

// Ack says that messages were dealt with. Ids that it does not hold are ignored: they
// timed out and are with another consumer.
func (c *Connection) Ack(ids ...uuid.UUID) {
	g := c.g
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, id := range ids {
		if m := c.release(id); m != nil {
			c.count(m)
			g.finish(m)
		}
	}
	g.nudge()
}

// Nack says that messages could not be dealt with.
func (c *Connection) Nack(action Action, reason string, ids ...uuid.UUID) {
	g := c.g
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, id := range ids {
		m := c.release(id)
		if m == nil {
			continue
		}
		c.count(m)
		switch action {
		case Park:
			m.reason = reason
			g.parks = append(g.parks, m)
		case Skip:
			g.finish(m)
		case Leave:
			g.retryLater(m)
		default:
			g.retry(m, reason)
		}
	}
	if action == Leave {
		g.disconnect(c)
	}
	g.nudge()
}

// release takes a message from the consumer; nil if it does not hold it. The caller
// holds mu.
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
	c.g.mu.Lock()
	defer c.g.mu.Unlock()
	c.g.disconnect(c)
	c.g.nudge()
}

// disconnect is Close. The caller holds mu.
func (g *group) disconnect(c *Connection) {
	i := slices.Index(g.consumers, c)
	if i < 0 {
		return
	}
	g.consumers = slices.Delete(g.consumers, i, i+1)
	c.drop()
	for id, m := range c.holds {
		queued := slices.Contains(c.queue, m)
		c.release(id)
		if queued { // it never left: that is no attempt
			g.retryLater(m)
		} else {
			g.retry(m, "the consumer disconnected")
		}
	}
}
