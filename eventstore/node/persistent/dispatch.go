package persistent

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"slices"
)

// dispatch hands out as much as the consumers have room for: retried messages first,
// then what was read, replayed ones in their turn.
func (d *desk) dispatch() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.handOutAll()
}

// handOutAll is dispatch for a caller that holds mu.
func (d *desk) handOutAll() {
	d.again = d.handOut(d.again)
	d.ready = d.handOut(d.ready)
}

// handOut hands out the messages of a queue and returns those that are left.
func (d *desk) handOut(queue []*message) []*message {
	if len(queue) == 0 || len(d.consumers) == 0 {
		return queue
	}
	pinned := d.settings.ConsumerStrategy == Pinned || d.settings.ConsumerStrategy == PinnedByCorrelation
	left := queue[:0]
	for i, m := range queue {
		c := d.choose(m)
		if c != nil {
			d.give(c, m)
			continue
		}
		if !pinned { // nobody has room
			left = append(left, queue[i:]...)
			break
		}
		left = append(left, m) // its own consumer has no room; those of others may
	}
	clear(queue[len(left):])
	return left
}

// choose returns the consumer for a message; nil if the message has to wait.
func (d *desk) choose(m *message) *Connection {
	switch d.settings.ConsumerStrategy {
	case Pinned, PinnedByCorrelation:
		if c := d.pinnedTo(d.affinity(m)); c.free(m) {
			return c
		}
		return nil
	case DispatchToSingle:
		for _, c := range d.consumers {
			if c.free(m) {
				return c
			}
		}
		return nil
	default:
		for i := range d.consumers {
			n := (d.turn + i) % len(d.consumers)
			if c := d.consumers[n]; c.free(m) {
				d.turn = n + 1
				return c
			}
		}
		return nil
	}
}

// free says whether the consumer may get the message: it has room, and holds no message of
// the same id, because its acknowledgement names only the id.
func (c *Connection) free(m *message) bool {
	return len(c.holds) < c.Buffer && c.holds[m.event.ID] == nil
}

// affinity returns what messages have in common that go to one consumer.
func (d *desk) affinity(m *message) string {
	e := m.event
	if m.target.Stream != "" {
		e = m.target
	}
	if d.settings.ConsumerStrategy == PinnedByCorrelation {
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

// pinnedTo chooses by highest random weight: when a consumer comes or goes, only the messages
// that were its own move to another.
func (d *desk) pinnedTo(affinity string) *Connection {
	return slices.MaxFunc(d.consumers, func(a, b *Connection) int {
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
func (d *desk) give(c *Connection, m *message) {
	now := d.now()
	m.holder, m.sent = c, now
	if t := d.settings.MessageTimeout; t > 0 {
		m.deadline = now.Add(t)
	}
	c.holds[m.event.ID] = m
	c.queue = append(c.queue, m)
	d.total.count(now)
	select {
	case c.signal <- struct{}{}:
	default: // it was told already
	}
}

// expire takes back what was not acknowledged in time.
func (d *desk) expire() {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for _, c := range d.consumers {
		var late []*message
		for _, m := range c.holds {
			if !m.deadline.IsZero() && !m.deadline.After(now) {
				late = append(late, m)
			}
		}
		for _, m := range late {
			c.release(m.event.ID)
			d.retry(m, "no answer in time")
		}
	}
}

// retry hands a message out once more, or parks it after as many retries as the settings
// allow. The caller holds mu.
func (d *desk) retry(m *message, reason string) {
	m.retries++
	if m.retries > d.settings.MaxRetries {
		m.reason = reason
		d.parks = append(d.parks, m)
		return
	}
	d.retryLater(m)
}

// retryLater puts a message among those that are handed out first, in order: replayed ones
// before the others, because they are older. The caller holds mu.
func (d *desk) retryLater(m *message) {
	i, _ := slices.BinarySearchFunc(d.again, m, func(a, b *message) int {
		if a.parked != b.parked {
			if a.parked {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.at, b.at)
	})
	d.again = slices.Insert(d.again, i, m)
}
