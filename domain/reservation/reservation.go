// Package reservation holds the rules of what may exist only once: a username, a mail
// domain, an open request for a license, the name of a region or a role group. Each of them has a stream of its
// own, and whoever begins that stream holds it. Its name is a keyed hash, so that no stream's
// name tells anything about a person.
package reservation

import "sleutelbos/domain"

// Kind is what is reserved.
type Kind string

// The kinds.
const (
	KindUsername    Kind = "username"
	KindDomain      Kind = "domain"
	KindOpenRequest Kind = "openrequest"
	KindRegion      Kind = "regionname"
	KindRoleGroup   Kind = "rolegroupname"
)

// guarded is a kind with the refusal that a second holder gets.
type guarded struct {
	Kind
	taken *domain.Error
}

func kinds() []guarded {
	return []guarded{
		{KindUsername, ErrUsernameTaken}, {KindDomain, ErrDomainTaken}, {KindOpenRequest, ErrRequestOpen}, {KindRegion, ErrRegionTaken},
		{KindRoleGroup, ErrRoleGroupTaken},
	}
}

// Kinds returns every kind.
func Kinds() []Kind {
	var all []Kind
	for _, each := range kinds() {
		all = append(all, each.Kind)
	}
	return all
}

// Values implements domain.Enumeration.
func (Kind) Values() []string { return domain.Values(Kinds()) }

// State is who holds the reservation.
type State struct {
	Holder string // an id; empty if it is free
	Kind   Kind
	// Renewed says that the holder claimed it once more since it was free, to use it anew.
	Renewed bool
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the reservation as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrUsernameTaken  = &domain.Error{Kind: domain.KindRule, Code: "username-taken", Detail: "The username is in use.", Field: "username"}
	ErrDomainTaken    = &domain.Error{Kind: domain.KindRule, Code: "domain-taken", Detail: "The domain belongs to another organization.", Field: "domain"}
	ErrRequestOpen    = domain.Rule("request-open", "A request for this license is open already.")
	ErrRegionTaken    = &domain.Error{Kind: domain.KindRule, Code: "region-name-taken", Detail: "The organization has another region with this name.", Field: "name"}
	ErrRoleGroupTaken = &domain.Error{Kind: domain.KindRule, Code: "role-group-name-taken", Detail: "The organization has another role group with this name.", Field: "name"}
	ErrKindUnknown    = domain.InvalidCode("kind", "kind-invalid", "This is not a kind of reservation.")
)

// taken returns the refusal that a second holder gets, or ErrKindUnknown.
func (k Kind) taken() *domain.Error {
	for _, each := range kinds() {
		if each.Kind == k {
			return each.taken
		}
	}
	return ErrKindUnknown
}
