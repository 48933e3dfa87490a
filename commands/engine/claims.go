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

// Claims are the reservations that a call took and has not used yet.
type Claims struct {
	call  *Call
	taken []claimed
}

type claimed struct {
	kind           reservation.Kind
	stream, holder string
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
		cs.taken = append(cs.taken, claimed{kind, stream, holder})
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
	c.waiting = append(c.waiting, waiting{cs, claimed{kind, stream, holder}})
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
			cs.call.Release(ctx, taken.stream, taken.holder)
		}
	}
	cs.taken = nil
	return err
}

// Release frees a value. It goes on after the asker has left, and what it can't do now the
// repairs do later.
func (c *Call) Release(ctx context.Context, stream, holder string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := c.TryRelease(ctx, stream, holder); err != nil {
		c.engine.options.Log.ErrorContext(ctx, "a reservation could not be released yet", "stream", stream, "error", err)
	}
}

// TryRelease frees a value.
func (c *Call) TryRelease(ctx context.Context, stream, holder string) error {
	_, err := c.engine.reservations.Decide(ctx, c, stream, reservation.Release{Holder: holder}, Step{})
	return err
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
