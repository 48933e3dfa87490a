package machinery

import (
	"log/slog"
	"sync"
	"time"

	"sleutelbos/eventstore"
)

// condition is how a worker is doing: what Status shows, and what WaitFor waits for.
type condition struct {
	name string
	log  *slog.Logger
	now  func() time.Time

	mu       sync.Mutex
	position eventstore.Position
	active   bool // this process runs it, so that position is up to date
	state    State
	err      error // the last disturbance; nil once it works again
	errAt    time.Time
	since    time.Time // of the first disturbance since it worked
	fault    *Fault
	passed   int64 // events that were passed over
	foreign  int64 // events in streams of others that it came past
	building *Progress
	moved    chan struct{} // closed and replaced when position or fault change
}

func newCondition(name string, log *slog.Logger, now func() time.Time) condition {
	return condition{name: name, log: log, now: now, state: StateWaiting, moved: make(chan struct{})}
}

// at returns how far the worker has come.
func (c *condition) at() eventstore.Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.position
}

// set changes the condition under its lock.
func (c *condition) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

// arrived notes how far the worker came and wakes those who wait for it.
func (c *condition) arrived(to eventstore.Position, b Batch, well bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.position = to
	if well {
		if c.err != nil {
			c.log.Info("projection works again", "projection", c.name)
		}
		c.err = nil
	}
	switch {
	case b.CaughtUp:
		c.state = StateLive
	case len(b.Events) >= catchingUpFrom:
		c.state = StateCatchingUp
	}
	c.wake()
}

// catchingUpFrom is the size of a batch that shows that the projection is behind.
const catchingUpFrom = 1000

// wake wakes those who wait for the position. The lock is held.
func (c *condition) wake() {
	close(c.moved)
	c.moved = make(chan struct{})
}

// failed notes a disturbance after which the worker tries again.
func (c *condition) failed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil || c.err.Error() != err.Error() {
		c.log.Warn("projection is disturbed and tries again", "projection", c.name, "error", err)
	}
	c.disturbed(err)
}

// disturbed notes an error. The lock is held.
func (c *condition) disturbed(err error) {
	if c.err == nil {
		c.since = c.now()
	}
	c.err, c.errAt = err, c.now()
}

// works notes that a disturbance is over, also one at which it stood still.
func (c *condition) works() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		c.log.Info("projection works again", "projection", c.name)
	}
	if c.err, c.fault = nil, nil; c.state == StateStopped {
		c.state = StateCatchingUp
	}
}

// passedOver notes that nothing could be done about an event.
func (c *condition) passedOver(why error) {
	c.log.Warn("reactor passed over an event", "reactor", c.name, "error", why)
	c.set(func() { c.passed++ })
}

// cameBy notes that the worker came past so many events in streams of others.
func (c *condition) cameBy(foreign int64) {
	if foreign > 0 {
		c.set(func() { c.foreign += foreign })
	}
}

// stop notes that the worker stands still at an event.
func (c *condition) stop(f *faultError) {
	c.log.Error("projection stopped", "projection", c.name, "type", f.Type, "stream", f.Stream,
		"revision", f.Revision, "position", f.Position.Commit(), "problem", f.Problem)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state, c.fault = StateStopped, &f.Fault
	c.disturbed(f)
	c.wake()
}
