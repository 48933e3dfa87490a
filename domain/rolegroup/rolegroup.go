// Package rolegroup holds the rules of a role group of an organization: what it is called, and
// which permissions whoever has it gets (O-22, R-30). Who has it stands on the stream of each
// account.
package rolegroup

import "sleutelbos/domain"

// StandardName is what the group is called that every usual account gets (O-10).
const StandardName = "Standaard"

// State is what the rules need. Values are shared, so nobody changes them in place.
type State struct {
	Exists, Archived bool
	OrganizationID   string
	Name             string
	Reservation      string // the stream of the claim of the name
	Permissions      domain.Set
	Descriptions     map[Permission]string
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the role group as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound          = domain.NotFound("role-group-not-found", "There is no such role group.")
	ErrExists            = domain.Rule("role-group-exists", "There is another role group with this id.")
	ErrArchived          = domain.Rule("role-group-archived", "The role group is archived.")
	ErrHasMembers        = domain.Rule("role-group-has-members", "Accounts still have this role. Take it from them first.")
	ErrPermissionUnknown = domain.InvalidCode("permission", "permission-invalid", "This is not a permission.")
)

// InUse refuses a role group that is not there, or is archived.
func (s State) InUse() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.Archived:
		return ErrArchived
	}
	return nil
}

// Permits says whether whoever has the group gets a permission by it.
func (s State) Permits(p Permission) bool { return s.InUse() == nil && s.Permissions.Has(string(p)) }
