package engine

import (
	"context"

	"sleutelbos/commands/rights"
)

// Owner says of a state whether there is such a thing, and whose it is. A thing that is about no
// account has none.
type Owner struct {
	Exists                bool
	Organization, Account string
}

// Reached returns the state of what a client named by its id, and the id in its one spelling, if a
// right of the asker reaches it. What is not there and what lies outside get the same error: missing.
// Errors: ErrDenied for an asker who has the right nowhere, missing, those of the store.
func (a *Aggregate[S, C, E]) Reached(ctx context.Context, c *Call, right rights.Right, given string, missing error, of func(id string, s S) Owner) (string, S, error) {
	var none S
	if err := c.Need(right); err != nil {
		return "", none, err
	}
	id, ok := ParseID(given)
	if !ok {
		return "", none, missing
	}
	f, err := a.See(ctx, c, id)
	if err != nil {
		return "", none, err
	}
	owner := of(id, f.State)
	if !owner.Exists {
		return "", none, missing
	}
	if err := c.Reach(right, owner.Organization, owner.Account, a.Stream(id), missing); err != nil {
		return "", none, err
	}
	return id, f.State, nil
}
