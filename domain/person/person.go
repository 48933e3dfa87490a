// Package person holds the rules of a person whom an organization knows: an employee, somebody of
// another organization, a volunteer, or several of these at once. It knows neither accounts nor
// today's date: when an employment began and ended is what somebody said, and may lie in the past
// or the future.
package person

import (
	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// State is what the rules need. Values are shared, so nobody changes them in place.
type State struct {
	Exists, Shielded, Volunteer bool
	OrganizationID              string
	Name                        typed.Name
	Details[string]
	Contact     Contact      // zero for somebody who is of no other organization
	Employments []Employment // by their days; no two overlap
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the person as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound         = domain.NotFound("person-not-found", "There is no such person.")
	ErrExists           = domain.Rule("person-exists", "There is another person with this id.")
	ErrSurnameRequired  = domain.InvalidCode("surname", "surname-required", "A name in parts has a surname.")
	ErrEmailInvalid     = domain.InvalidCode("email", "email-invalid", "This is not a mail address.")
	ErrBirthDateInvalid = domain.InvalidCode("birth_date", "birth-date-invalid", "A date of birth is a day in the past, yyyy-mm-dd.")
	ErrFromInvalid      = domain.InvalidCode("from", "from-invalid", "This is not a day, yyyy-mm-dd.")
	ErrUntilInvalid     = domain.InvalidCode("until", "until-invalid", "The last day is a day, yyyy-mm-dd, and not before the first.")
	ErrEmployed         = domain.Rule("employments-overlap", "Another employment of this person has some of these days.")
	ErrNotEmployed      = domain.Rule("employment-not-found", "There is no such employment of this person.")
)

func (s State) existing() error {
	if !s.Exists {
		return ErrNotFound
	}
	return nil
}
