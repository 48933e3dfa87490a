package manage

import (
	"sync"
	"time"

	"sleutelbos/http/ui/frame"
)

// mostCounted bounds the counting of events for a progress bar.
const mostCounted = 100_000_000

// check is the verification of the whole log: one at a time, the last result kept.
type check struct {
	mu    sync.Mutex
	state checkState
}

// checkState is how far a check is, and what the last one found.
type checkState struct {
	Running     bool
	Done, Total int64
	Rate        float64 // events a second
	Began       time.Time
	Ended       time.Time // zero before the first one ended
	By          string
	Found       frame.Verification
	Failed      bool // it could not be read to its end
	Left        string
}

// begin notes that a check begins; it returns false if one is under way.
func (c *check) begin(now time.Time, total int64, by string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Running {
		return false
	}
	c.state = checkState{Running: true, Total: total, Began: now, By: by}
	return true
}

func (c *check) progress(events int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Done, c.state.Total = events, max(events, c.state.Total)
}

func (c *check) end(now time.Time, found frame.Verification, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state.Running, c.state.Ended, c.state.Found, c.state.Failed = false, now, found, err != nil
	if err == nil {
		c.state.Done = found.Events
	}
}

// now returns how far the check is.
func (c *check) now(now time.Time) checkState {
	c.mu.Lock()
	s := c.state
	c.mu.Unlock()
	until := now
	if !s.Running {
		until = s.Ended
	}
	if took := until.Sub(s.Began).Seconds(); took > 0 {
		s.Rate = float64(s.Done) / took
	}
	if s.Rate > 0 {
		s.Left = (time.Duration(float64(s.Total-s.Done)/s.Rate) * time.Second).Round(time.Second).String()
	}
	return s
}
