package eventstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// PassesStream is the stream of the passes: of the events that let every reader pass over another
// one, which this program can't read.
const PassesStream = "pass-events"

// Pass is an event of the registry that lets every reader pass over another event.
type Pass interface {
	// Passes says which event: its id, where it stands, and the hash of its bytes, see HashOf. In a
	// copy of the log the position is another one, and all of these are the same.
	Passes() (id, stream string, revision int64, hash string)
}

// ErrPassedOver says that an event is to be passed over: an operator said so, and that is recorded.
var ErrPassedOver = errors.New("the event is passed over")

// PassesError says that it could not be found out whether an event is passed over. It passes.
type PassesError struct{ Err error }

func (e *PassesError) Error() string {
	return "whether the event is passed over is not known: " + e.Err.Error()
}

// Unwrap returns what went wrong.
func (e *PassesError) Unwrap() error { return e.Err }

// Passes knows what is passed over in a log. A reader that stands still at an event may stand before
// the pass in the log. So passes are not taken in the order of the log: their stream is read by its
// name, at the beginning, and again whenever an event turns up that can't be read.
type Passes struct {
	store    Store
	registry *Registry
	known    atomic.Pointer[map[place]passed]

	mu   sync.Mutex // one reads at a time
	next int64      // the revision from which the stream is read on
}

type place struct {
	stream   string
	revision int64
}

type passed struct{ id, hash string }

// PassesOf returns what is passed over in the log of a store. The registry reads the passes; it heeds
// them only after Heed.
func PassesOf(store Store, registry *Registry) *Passes {
	return &Passes{store: store, registry: registry}
}

// Heed lets every Decode return ErrPassedOver for what is passed over.
func (r *Registry) Heed(p *Passes) { r.passes.Store(p) }

// Known says whether it is known already that an event is passed over.
func (p *Passes) Known(rec Recorded) bool {
	if p == nil {
		return false
	}
	known := p.known.Load()
	if known == nil {
		return false
	}
	found, ok := (*known)[place{rec.Stream, rec.Revision}]
	return ok && found == passed{rec.ID.String(), HashOf(rec)}
}

// Over says whether an event is passed over. For one that can't be read the passes are asked again.
// Errors: *PassesError.
func (p *Passes) Over(ctx context.Context, rec Recorded) (bool, error) {
	if p.Known(rec) {
		return true, nil
	}
	if p == nil || p.registry.Readable(rec) {
		return false, nil
	}
	err := p.Learn(ctx)
	return err == nil && p.Known(rec), err
}

// learnWithin is how long the passes are waited for.
const learnWithin = 5 * time.Second

// Learn reads the passes that were recorded since the last time. Errors: *PassesError.
func (p *Passes) Learn(ctx context.Context) error {
	ctx, end := context.WithTimeout(ctx, learnWithin)
	defer end()
	p.mu.Lock()
	defer p.mu.Unlock()
	known, next := map[place]passed{}, p.next
	if before := p.known.Load(); before != nil {
		for at, pass := range *before {
			known[at] = pass
		}
	}
	for rec, err := range p.store.ReadStream(ctx, PassesStream, next, Forwards) {
		if err != nil {
			return &PassesError{fmt.Errorf("read %s: %w", PassesStream, err)}
		}
		next = rec.Revision + 1
		event, _, err := p.registry.decode(ctx, rec, reading{})
		if err != nil {
			continue // what can't be read lets nothing pass
		}
		if pass, ok := event.(Pass); ok {
			id, stream, revision, hash := pass.Passes()
			known[place{stream, revision}] = passed{id, hash}
		}
	}
	p.known.Store(&known)
	p.next = next
	return nil
}

// Follow returns the tail behind an event, and says whether the event is passed over. Such a one is held
// to the chain as any other, unless its own hash is missing or wrong: it was written or changed by somebody
// else then, and the next event of ours is chained to what it carries. Errors: *ChainError, *PassesError.
func (p *Passes) Follow(ctx context.Context, tail Tail, rec Recorded) (next Tail, over bool, err error) {
	next, err = tail.Follow(rec)
	if err == nil {
		return next, p.Known(rec), nil
	}
	over, unknown := p.Over(ctx, rec)
	if unknown != nil || !over || rec.Revision != tail.Next || Held(rec) == nil {
		return Tail{}, over, errors.Join(err, unknown)
	}
	return behind(rec), true, nil
}
