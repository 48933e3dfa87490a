// Package pause waits between attempts at something that may succeed later. It does not
// decide what is tried again, nor how often: its callers do.
package pause

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// Growing is a pause that gets about twice as long each time, up to a limit. Its lengths
// are random around that, so that many that failed together do not try again together.
type Growing struct {
	lengths *backoff.ExponentialBackOff
}

// Between returns a pause that begins with first and grows up to most.
func Between(first, most time.Duration) *Growing {
	lengths := backoff.NewExponentialBackOff()
	lengths.InitialInterval, lengths.MaxInterval, lengths.Multiplier = first, most, 2
	return &Growing{lengths: lengths}
}

// Wait waits for the next pause. It returns false if the context ended first.
func (g *Growing) Wait(ctx context.Context) bool { return For(ctx, g.Next()) }

// Next returns how long the next pause is, for callers that wait for other things, too.
func (g *Growing) Next() time.Duration { return g.lengths.NextBackOff() }

// Reset lets the pause begin again with its first length, after a success.
func (g *Growing) Reset() { g.lengths.Reset() }

// For waits for a time. It returns false if the context ended first.
func For(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
