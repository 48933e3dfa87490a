package persistent

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"slices"
)

// dispatch hands out as much as the consumers have room for: retried messages first,
// then what was read, replayed ones in their turn.
func (g *group) dispatch() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.again = g.handOut(g.again)
	g.ready = g.handOut(g.ready)
}

// handOut hands out the messages of a queue and answers those that are left.
func (g *group) handOut(queue []*message) []*message {
	if len(queue) == 0 || len(g.consumers) == 0 {
		return queue
	}
	pinned := g.config.Settings.ConsumerStrategy == Pinned || g.config.Settings.ConsumerStrategy == PinnedByCorrelation
	left := queue[:0]
	for i, m := range queue {
		c := g.choose(m)
		if c != nil {
			g.give(c, m)
			continue
		}
		if !pinned { // nobody has room
			left = append(left, queue[i:]...)
			break
		}
		left = append(left, m) // its own consumer has none; others may
	}
	clear(queue[len(left):])
	return left
}

// choose answers the consumer for a message; nil if it has to wait.
func (g *group) choose(m *message) *Connection {
	switch g.config.Settings.ConsumerStrategy {
	case Pinned, PinnedByCorrelation:
		if c := g.pinnedTo(g.affinity(m)); c.free(m) {
			return c
		}
		return nil
	case DispatchToSingle:
		for _, c := range g.consumers {
			if c.free(m) {
				return c
			}
		}
		return nil
	default:
		for i := range g.consumers {
			n := (g.turn + i) % len(g.consumers)
			if c := g.consumers[n]; c.free(m) {
				g.turn = n + 1
				return c
			}
		}
		return nil
	}
}

// free says whether the consumer may get the message: it has room, and holds none of the
// same id, which it could not tell apart.
func (c *Connection) free(m *message) bool {
	return len(c.holds) < c.Buffer && c.holds[m.event.ID] == nil
}

// affinity is what messages have in common that go to one consumer.
func (g *group) affinity(m *message) string {
	e := m.event
	if m.target.Stream != "" {
		e = m.target
	}
	if g.config.Settings.ConsumerStrategy == PinnedByCorrelation {
		var metadata struct {
			Correlation string `json:"$correlationId"`
		}
		// Metadata that is no JSON has no correlation; the stream's name serves.
		if err := json.Unmarshal(e.Metadata, &metadata); err == nil && metadata.Correlation != "" {
			return metadata.Correlation
		}
	}
	return e.Stream
}

// pinnedTo chooses by highest random weight: when a consumer comes or goes, only what
// was its own moves.
func (g *group) pinnedTo(affinity string) *Connection {
	return slices.MaxFunc(g.consumers, func(a, b *Connection) int {
		return cmp.Compare(a.weight(affinity), b.weight(affinity))
	})
}

func (c *Connection) weight(affinity string) uint64 {
	h := fnv.New64a()
	h.Write(c.salt[:])
	h.Write([]byte(affinity))
	// FNV alone leaves its high bits to the first bytes, which are the same for every
	// affinity: mix once more.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}

// give puts a message into a consumer's hands.
func (g *group) give(c *Connection, m *message) {
	now := g.m.o.Now()
	m.holder, m.sent = c, now
	if t := g.config.Settings.MessageTimeout; t > 0 {
		m.deadline = now.Add(t)
	}
	c.holds[m.event.ID] = m
	c.queue = append(c.queue, m)
	g.total.count(now)
	select {
	case c.signal <- struct{}{}:
	default: // it was told already
	}
}

// expire takes back what was not answered in time.
func (g *group) expire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.m.o.Now()
	for _, c := range g.consumers {
		var late []*message
		for _, m := range c.holds {
			if !m.deadline.IsZero() && !m.deadline.After(now) {
				late = append(late, m)
			}
		}
		for _, m := range late {
			c.release(m.event.ID)
			g.retry(m, "no answer in time")
		}
	}
}

// retry hands a message out once more, or parks it when that was done often enough. The
// caller holds mu.
func (g *group) retry(m *message, reason string) {
	m.retries++
	if m.retries > g.config.Settings.MaxRetries {
		m.reason = reason
		g.parks = append(g.parks, m)
		return
	}
	g.retryLater(m)
}

// retryLater puts a message among those to be handed out first, in order: replayed ones
// before the others, for they are older. The caller holds mu.
func (g *group) retryLater(m *message) {
	i, _ := slices.BinarySearchFunc(g.again, m, func(a, b *message) int {
		if a.parked != b.parked {
			if a.parked {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.at, b.at)
	})
	g.again = slices.Insert(g.again, i, m)
}
