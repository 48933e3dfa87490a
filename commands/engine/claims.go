package engine

import (
	"context"
	"errors"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
)

// Reservation returns the stream that guards a value. Its name tells nothing of the value.
func (e *Engine) Reservation(kind reservation.Kind, canonical string) string {
	return string(kind) + "-" + e.options.Vault.ReservationID(string(kind), canonical)
}

// HolderOf returns who holds the reservation of a stream; empty if it is free.
func (e *Engine) HolderOf(ctx context.Context, stream string) (string, error) {
	r, err := e.reservations.Load(ctx, stream)
	return r.State.Holder, err
}

// HolderOf is Engine.HolderOf as the call sees it, see Aggregate.See.
func (c *Call) HolderOf(ctx context.Context, stream string) (string, error) {
	r, err := c.engine.reservations.See(ctx, c, stream)
	return r.State.Holder, err
}

// ReadHolder returns the look at who holds the reservation of a stream, see Reads.
func (e *Engine) ReadHolder(stream string) Read { return e.reservations.Read(stream) }

// Claims are the reservations that a call took and has not used yet.
type Claims struct {
	call  *Call
	taken []claimed
}

type claimed struct {
	kind           reservation.Kind
	stream, holder string
	revision       int64 // at which the call has it
}

// waiting is a claim that goes into the log in one commit with the events that need it.
type waiting struct {
	claims *Claims
	claimed
}

// Claims returns the call's claims, none so far.
func (c *Call) Claims() *Claims { return &Claims{call: c} }

// Take claims a value for a holder. If another holds it, it is refused with the code of the
// kind.
func (cs *Claims) Take(ctx context.Context, kind reservation.Kind, stream, holder string) error {
	c := cs.call
	d, err := c.engine.reservations.Decide(ctx, c, stream, reservation.Claim{Holder: holder, Kind: kind}, Step{New: !c.repeatable && !c.DryRun})
	if err == nil && d.Moved {
		cs.taken = append(cs.taken, claimed{kind, stream, holder, d.Revision})
	}
	return err
}

// Wait claims a value in one commit with what the command's own aggregate decides next,
// where the store can do that; elsewhere it is Take. Until then the value counts as free; if
// it is not, the append is refused, and takeWaiting finds out by whom it was taken.
func (cs *Claims) Wait(ctx context.Context, kind reservation.Kind, stream, holder string) error {
	c := cs.call
	if c.engine.together == nil || c.DryRun {
		return cs.Take(ctx, kind, stream, holder)
	}
	c.waiting = append(c.waiting, waiting{cs, claimed{kind: kind, stream: stream, holder: holder}})
	return nil
}

// GiveBack releases what was claimed if the command was refused after it, and returns its
// error. After an unknown outcome the claim may be in use: the repairs find out.
func (cs *Claims) GiveBack(ctx context.Context, err error) error {
	refusal, conflict := (*domain.Error)(nil), (*eventstore.ConflictError)(nil)
	if !errors.As(err, &refusal) && !errors.As(err, &conflict) && !errors.Is(err, ErrStale) {
		return err
	}
	for _, taken := range cs.taken {
		if used, failed := cs.call.engine.InUse(ctx, taken.kind, taken.stream, taken.holder); failed == nil && !used {
			cs.call.release(ctx, leaving{stream: taken.stream, holder: taken.holder, revision: taken.revision}, taken.stream)
		}
	}
	cs.taken = nil
	return err
}

// leaving is a claim that the call's aggregate uses, and will not use after the call has decided.
type leaving struct {
	stream, holder string
	revision       int64
	renewed        bool
}

// leaving looks at a claim before the decision after which it is no longer needed, see release.
// The empty stream is no claim.
func (c *Call) leaving(ctx context.Context, stream, holder string) (leaving, error) {
	if stream == "" {
		return leaving{}, nil
	}
	f, err := c.engine.reservations.See(ctx, c, stream)
	return leaving{stream, holder, f.Revision(), f.State.Renewed}, err
}

// release frees a claim that is no longer needed, if nobody has claimed it since leaving looked at
// it. If the holder did, another call is about to use it again, and the release would take the
// value from under it. used is the claim that the aggregate had when the decision was made: if that
// is another one by now, this is not the call that left it. It goes on after the asker has left,
// and what it can't do now the repairs do later.
func (c *Call) release(ctx context.Context, l leaving, used string) {
	if l.stream == "" || l.stream != used || l.renewed { // renewed before: the repairs find out whether that call is done
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := c.releaseAt(ctx, l.stream, l.holder, l.revision)
	if err != nil && !errors.Is(err, ErrMovedOn) {
		c.engine.options.Log.ErrorContext(ctx, "a reservation could not be released yet", "stream", l.stream, "error", err)
	}
}

func (c *Call) releaseAt(ctx context.Context, stream, holder string, revision int64) error {
	_, err := c.engine.reservations.Decide(ctx, c, stream, reservation.Release{Holder: holder}, Step{At: &revision})
	return err
}

// claimSettles is how long a command has to use what it claimed.
const claimSettles = time.Minute

// ErrNotYet says that a claim was made so lately that its command may still be about to use it.
var ErrNotYet = errors.New("the claim may be about to be used")

// ReleaseUnused frees a claim that its holder has for nothing. It looks at the claim before it
// looks whether it is used, and frees it only as it was then. Errors: ErrNotYet.
func (c *Call) ReleaseUnused(ctx context.Context, kind reservation.Kind, stream, holder string) error {
	revision := int64(-1)
	for rec, err := range c.engine.options.Journal.Store.ReadStream(ctx, stream, eventstore.LastRevision, eventstore.Backwards) {
		if err != nil {
			return err
		}
		if c.Now.Sub(rec.Created) < claimSettles {
			return ErrNotYet
		}
		revision = rec.Revision
		break
	}
	used, err := c.engine.InUse(ctx, kind, stream, holder)
	if err != nil || used {
		return err
	}
	if err := c.releaseAt(ctx, stream, holder, revision); !errors.Is(err, ErrMovedOn) {
		return err
	}
	return ErrNotYet
}

// prepareWaiting returns what the claims that wait would append, each to a new stream.
func (c *Call) prepareWaiting(ctx context.Context) ([]prepared[reservation.State], error) {
	all := c.engine.reservations
	claims := make([]prepared[reservation.State], len(c.waiting))
	for i, w := range c.waiting {
		var none Folded[reservation.State]
		events, err := all.decider.Decide(none.State, reservation.Claim{Holder: w.holder, Kind: w.kind})
		if err != nil {
			return nil, err
		}
		if claims[i], err = all.prepare(ctx, c, w.stream, none, events); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// takeWaiting takes the claims that wait, each by itself: somebody was there before.
func (c *Call) takeWaiting(ctx context.Context) error {
	all := c.waiting
	c.waiting = nil
	for _, w := range all {
		if err := w.claims.Take(ctx, w.kind, w.stream, w.holder); err != nil {
			return err
		}
	}
	return nil
}
