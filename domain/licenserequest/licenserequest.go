// Package licenserequest holds the rules of one account's request for one license. It is
// decided once: the first decision counts.
package licenserequest

import "sleutelbos/domain"

// State is what the rules need.
type State struct {
	Exists         bool
	AccountID      string
	OrganizationID string
	LicenseID      string
	Standard       string // for whose sake it was asked for
	Reservation    string // the stream that keeps a second request from being opened
	Decided        bool   // approved or rejected
	Withdrawn      bool
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the request as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound       = domain.NotFound("request-not-found", "There is no such request.")
	ErrExists         = domain.Rule("request-exists", "There is another request with this id.")
	ErrAlreadyDecided = domain.Rule("already-decided", "The request has been decided already.")
	ErrWithdrawn      = domain.Rule("request-withdrawn", "The request has been withdrawn.")
)

func (s State) existing() error {
	if !s.Exists {
		return ErrNotFound
	}
	return nil
}

// Open says whether the request waits for a decision.
func (s State) Open() bool { return s.Exists && !s.Decided && !s.Withdrawn }

// undecided refuses a second decision, even if it is the same as the first. Two
// administrators may decide at once, and the later one must learn that the decision was
// not theirs.
func (s State) undecided() error {
	switch {
	case s.Decided:
		return ErrAlreadyDecided
	case s.Withdrawn:
		return ErrWithdrawn
	}
	return nil
}
