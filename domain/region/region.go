// Package region holds the rules of a region of an organization, and of whom it is assigned to
// (K-7, K-8).
package region

import "sleutelbos/domain"

// State is what the rules need. Values are shared, so nobody changes them in place.
type State struct {
	Exists, Archived bool
	OrganizationID   string
	Name             string
	Reservation      string     // the stream of the claim of the name
	Users            domain.Set // account ids
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the region as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound = domain.NotFound("region-not-found", "There is no such region.")
	ErrExists   = domain.Rule("region-exists", "There is another region with this id.")
	ErrArchived = domain.Rule("region-archived", "The region is archived.")
)

// InUse refuses a region that is not there, or is archived.
func (s State) InUse() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.Archived:
		return ErrArchived
	}
	return nil
}
