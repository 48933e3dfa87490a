// Package license holds the rules of a license of an organization and of who has it.
package license

import "sleutelbos/domain"

// State is what the rules need. Values are shared, so nobody changes them in place.
type State struct {
	Exists              bool
	OrganizationID      string
	Name                string
	CompanyWideApproved bool // by the provider, so that administrators may choose it
	CompanyWide         bool
	ShownInSelection    bool
	Standards           []string   // as they are written in it
	Holders             domain.Set // account ids
	RevokedSince        domain.Set // accounts that lost it since it was company-wide
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the license as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound          = domain.NotFound("license-not-found", "There is no such license.")
	ErrExists            = domain.Rule("license-exists", "There is another license with this id.")
	ErrHidden            = domain.Rule("license-hidden", "The license cannot be requested.")
	ErrCompanyWide       = domain.Rule("license-company-wide", "Everyone in the organization has the license; no request is needed.")
	ErrNotApproved       = domain.Rule("company-wide-not-approved", "The provider has not approved that everybody in the organization has this license.")
	ErrNoStandard        = domain.InvalidCode("standard", "standard-not-found", "The license has no such standard.")
	ErrManyStandards     = domain.Rule("standards-too-many", "A license can't have more standards.")
	ErrOtherOrganization = domain.Rule("license-other-organization", "The license belongs to another organization.")
	ErrBecauseUnknown    = domain.InvalidCode("because", "because-invalid", "This is not why an account loses a license.")
	ErrOriginUnknown     = domain.InvalidCode("origin", "origin-invalid", "This is not how a license is granted.")
)

// MayBeRequested refuses a request for a license that everyone has, or that is hidden.
func (s State) MayBeRequested() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.CompanyWide:
		return ErrCompanyWide
	case !s.ShownInSelection:
		return ErrHidden
	}
	return nil
}

// MayStandardBeRequested refuses a request for a standard that is not in the license, or that everyone
// has. Unlike the license, its standards can be requested while it is hidden (N-23).
func (s State) MayStandardBeRequested(given string) (standard string, err error) {
	standard, has := s.Standard(given)
	switch {
	case !s.Exists:
		return "", ErrNotFound
	case !has:
		return "", ErrNoStandard
	case s.CompanyWide:
		return "", ErrCompanyWide
	}
	return standard, nil
}
