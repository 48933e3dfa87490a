// Package session holds the rules of one session of one account, from signing in to its
// end. A session has a short stream of its own, so that an account's history is not buried
// under its sessions.
package session

import "sleutelbos/domain"

// State is what the rules need.
type State struct {
	Exists, Ended bool
	AccountID     string
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the session as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound       = domain.NotFound("session-not-found", "There is no such session.")
	ErrExists         = domain.Rule("session-exists", "There is another session with this id.")
	ErrMethodUnknown  = domain.InvalidCode("method", "method-invalid", "This is not a way to sign in.")
	ErrBecauseUnknown = domain.InvalidCode("because", "because-invalid", "This is not why a session ends.")
)
