package engine

import (
	"context"
	"errors"

	"sleutelbos/domain/reservation"
)

// Opening makes an aggregate that needs a claim from its first event on.
type Opening[C any] struct {
	ID      string
	Fresh   bool // the id was made just now
	Kind    reservation.Kind
	Claim   string // the stream that guards what is needed
	Command C
	May     func() error // refuses what may not be made, once it is known that the command itself fits; nil refuses nothing
}

// Open makes an aggregate and claims what it needs, in one commit where the store can do that.
// Asking twice is harmless. Errors: those of Claims.Take, of Decide and of May.
func (a *Aggregate[S, C, E]) Open(ctx context.Context, c *Call, o Opening[C]) error {
	makes, err := a.Would(ctx, c, o.ID, o.Fresh, o.Command)
	if err == nil && o.May != nil {
		err = o.May()
	}
	if err != nil {
		return err
	}
	claims := c.Claims()
	if makes {
		if err := claims.Wait(ctx, o.Kind, o.Claim, o.ID); err != nil {
			return err
		}
	}
	_, err = a.Decide(ctx, c, o.ID, o.Command, Step{Own: true, New: o.Fresh})
	return claims.GiveBack(ctx, err)
}

// Rename is a change of a name that one aggregate at a time may have.
type Rename[S, C any] struct {
	Kind    reservation.Kind
	Claim   string         // the stream that guards the new name
	ClaimOf func(S) string // and the one that guards the name of a state
	Command C
}

// Rename changes the name of what was in this state. The new name is claimed first, and the old one
// is released last, so that nobody else can take either in between. Errors: those of Claims.Take and
// of Decide.
func (a *Aggregate[S, C, E]) Rename(ctx context.Context, c *Call, id string, before S, n Rename[S, C]) error {
	changes, err := a.Would(ctx, c, id, false, n.Command)
	if err != nil {
		return err
	}
	if !changes {
		return a.Unchanged(ctx, c, id)
	}
	if err := a.DecideHeld(ctx, c, id, func(s S) bool { return n.ClaimOf(s) == n.Claim }, n.Command); !errors.Is(err, ErrMovedOn) {
		return err
	}
	old := n.ClaimOf(before)
	leaving, err := c.leaving(ctx, old, id)
	if err != nil {
		return err
	}
	claims := c.Claims()
	if err := claims.Take(ctx, n.Kind, n.Claim, id); err != nil {
		return err
	}
	done, err := a.Decide(ctx, c, id, n.Command, Step{Own: true})
	if err != nil {
		return claims.GiveBack(ctx, err)
	}
	if old != n.Claim { // the same if it moved meanwhile
		c.release(ctx, leaving, n.ClaimOf(done.Before))
	}
	return nil
}

// Leave runs a decision after which an aggregate no longer needs the claim that it had before it, and
// frees that claim. Errors: those of the decision.
func Leave[S any](ctx context.Context, c *Call, id string, before S, claimOf func(S) string, decide func() (Decided[S], error)) (Decided[S], error) {
	leaving, err := c.leaving(ctx, claimOf(before), id)
	if err != nil {
		return Decided[S]{}, err
	}
	done, err := decide()
	if err == nil {
		c.release(ctx, leaving, claimOf(done.Before))
	}
	return done, err
}

// Ends decides a command after which an aggregate no longer needs its claim, see Leave.
func (a *Aggregate[S, C, E]) Ends(ctx context.Context, c *Call, id string, before S, claimOf func(S) string, command C) (Decided[S], error) {
	return Leave(ctx, c, id, before, claimOf, func() (Decided[S], error) { return a.Decide(ctx, c, id, command, Step{Own: true}) })
}
