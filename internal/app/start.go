package app

import (
	"context"
	"errors"
	"time"

	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/pause"
	"sleutelbos/internal/reach"
	"sleutelbos/internal/sqlitex"
)

// The pauses between two tries to reach a store.
const (
	firstTry = 500 * time.Millisecond
	lastTry  = 5 * time.Second
)

// Start listens, opens the stores, which nothing has opened yet, and wires everything. What may come by
// itself is waited for: a database or an event store that is away. Meanwhile /readyz says what and why,
// and requests are told to come back. What does not come by itself is an error, at once: a wrong
// password, a missing right, a key that opens nothing. After an error nothing is open. If the context
// ends first, the error is the context's.
func Start(ctx context.Context, o Options) (*App, error) {
	if err := o.Serving.check(); err != nil {
		return nil, err
	}
	f, err := newFront(ctx, o.Serving, o.matrix(), o.Stores.Log)
	if err != nil {
		return nil, err
	}
	o.front = f
	for again := pause.Between(firstTry, lastTry); ; {
		a, err := o.try(ctx, again)
		switch {
		case err == nil:
			return a, nil
		case ctx.Err() != nil:
			return nil, errors.Join(ctx.Err(), f.stop())
		case !comes(err):
			return nil, errors.Join(err, f.stop())
		}
		o.waitFor(ctx, "the stores", err)
		again.Wait(ctx)
	}
}

// try opens the stores, each as soon as it is there, and wires the program.
func (o Options) try(ctx context.Context, again *pause.Growing) (*App, error) {
	o.Stores.await = func(ctx context.Context, what string, open func(context.Context) error) error {
		for {
			err := open(ctx)
			if err == nil {
				again.Reset()
				return nil
			}
			if ctx.Err() != nil || !comes(err) {
				return err
			}
			o.waitFor(ctx, what, err)
			again.Wait(ctx)
		}
	}
	if err := o.Stores.Open(ctx, Writing); err != nil {
		return nil, err
	}
	return New(ctx, o)
}

// waitFor says what is waited for, and why, wherever somebody may look.
func (o Options) waitFor(ctx context.Context, what string, err error) {
	why := reach.Why(err)
	if why == "" {
		why = "It is out of reach; the log of the program says more."
	}
	o.front.because(what, why)
	o.Stores.Log.WarnContext(ctx, "the start waits for "+what, "because", why, "error", err.Error(), "listening", o.front.publicURL.String())
}

// comes says whether what a start failed at may be there later without anybody's doing.
func comes(err error) bool {
	for _, stays := range []error{logfile.ErrCorrupt, logfile.ErrInUse} {
		if errors.Is(err, stays) {
			return false
		}
	}
	return reach.Away(err) && !sqlitex.CannotOpen(err)
}

// patient opens something that may be away: as the start does, or once.
func (s *Stores) patient(ctx context.Context, what string, open func(context.Context) error) error {
	if s.await == nil {
		return open(ctx)
	}
	return s.await(ctx, what, open)
}
