package engine

import (
	"context"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
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

// Naming is what a client may say of the thing that a command makes.
type Naming[S any] struct {
	Field   string // of the refusal of what is no id
	Given   string // the client's id; empty if the program makes one
	Right   rights.Right
	Missing error // the error of what the right does not reach
	Of      func(id string, s S) Owner
}

// NewID returns the id of a thing about to be made: the client's, else one of Call.MakeID. Behind a
// client's id there may be a thing already. If the asker's right does not reach that, the answer is
// that there is none: that somebody else has a thing with this id is not told.
func (a *Aggregate[S, C, E]) NewID(ctx context.Context, c *Call, n Naming[S]) (id string, fresh bool, err error) {
	if n.Given == "" {
		return c.MakeID(n.Field)
	}
	id, ok := ParseID(n.Given)
	if !ok {
		return "", false, domain.Invalid(n.Field, "This is not a UUID.")
	}
	f, err := a.See(ctx, c, id)
	if err != nil {
		return "", false, err
	}
	if owner := n.Of(id, f.State); owner.Exists {
		return id, false, c.Reach(n.Right, owner.Organization, owner.Account, a.Stream(id), n.Missing)
	}
	if !c.DryRun {
		c.foresee(a.Stream(id), f) // the use case looks next, and what it appends shows whether this was too old
	}
	return id, false, nil
}
