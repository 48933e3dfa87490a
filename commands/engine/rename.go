package engine

import (
	"context"
	"errors"

	"sleutelbos/domain/reservation"
)

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
	leaving, err := c.Leaving(ctx, old, id)
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
		c.Release(ctx, leaving, n.ClaimOf(done.Before))
	}
	return nil
}
