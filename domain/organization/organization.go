// Package organization holds the rules of an organization: its policies, its mail domains
// and its administrators. Who is an administrator is on this stream and not on the accounts'.
// When two administrators dismiss each other at the same time, the stream decides one after
// the other, and so one of them always stays.
package organization

import (
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
)

// State is what the rules need. Values are shared, so nobody changes them in place.
type State struct {
	Exists   bool
	Name     string
	Preset   Preset
	Policies Policies
	Sender   Sender
	Domains  map[string]string  // reservation stream by allowed domain
	Admins   map[string]Because // why an administrator stands down, by account id; empty in service
}

// Command and Event are closed sets: only this package can add a member.
type (
	Command interface{ decide(State) ([]Event, error) }
	Event   interface{ evolve(State) State }
)

// Decider is the organization as a state machine.
var Decider = domain.Decider[State, Command, Event]{
	Decide: func(s State, c Command) ([]Event, error) { return c.decide(s) },
	Evolve: func(s State, e Event) State { return e.evolve(s) },
}

// Refusals.
var (
	ErrNotFound  = domain.NotFound("organization-not-found", "There is no such organization.")
	ErrExists    = domain.Rule("organization-exists", "There is another organization with this id.")
	ErrLastAdmin = domain.Rule("last-admin", "At least one administrator must remain who can sign in.")

	ErrNoRoles      = domain.Rule("no-roles", "This organization does not work with role groups.")
	ErrNoPersons    = domain.Rule("no-persons", "This organization does not work with persons.")
	ErrNoRegions    = domain.Rule("no-regions", "This organization does not work with regions.")
	ErrNoLicenses   = domain.Rule("no-licenses", "This organization does not work with licenses.")
	ErrFirstChannel = domain.InvalidCode("channel", "first-channel-refused", "The organization does not give a first password in this way.")

	ErrPolicyUnknown       = domain.InvalidCode("policy", "policy-invalid", "This is not a policy.")
	ErrPolicyValue         = domain.InvalidCode("value", "policy-value-invalid", "This is not a value for the policy.")
	ErrPresetUnknown       = domain.InvalidCode("preset", "preset-invalid", "This is not a preset.")
	ErrTimeZoneInvalid     = domain.InvalidCode("time_zone", "time-zone-invalid", "This is not the name of a time zone.")
	ErrEmailInvalid        = domain.InvalidCode("email", "email-invalid", "This is not a mail address.")
	ErrDomainInvalid       = domain.InvalidCode("domain", "domain-invalid", "This is not a domain name in lower case ASCII (or punycode).")
	ErrDomainPublic        = domain.InvalidCode("domain", "domain-public", "Anyone can get an address in this domain.")
	ErrBecauseUnknown      = domain.InvalidCode("because", "because-invalid", "This is not why an administrator stands down.")
	ErrUsernameRuleUnknown = domain.InvalidCode("username_rule", "username-rule-invalid", "This is not a rule for usernames.")
	ErrMonthsInvalid       = domain.InvalidCode("activation_months", "activation-months-invalid", "From 1 to 12 months.")
	ErrPasswordPolicy      = domain.InvalidCode("password", "password-policy-invalid", "From 8 to 128 characters, with room for the upper case letters and digits.")
)

// MayHaveRoles refuses an organization that does not work with role groups.
func (s State) MayHaveRoles() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case !s.Policies.Roles:
		return ErrNoRoles
	}
	return nil
}

// MayHaveLicenses refuses an organization that does not work with licenses.
func (s State) MayHaveLicenses() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case !s.Policies.Licenses:
		return ErrNoLicenses
	}
	return nil
}

// MayHavePersons refuses an organization that does not work with persons.
func (s State) MayHavePersons() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.Policies.PersonRequired == PersonNever:
		return ErrNoPersons
	}
	return nil
}

// MayStartBy refuses a way to a first password that the organization does not have.
func (s State) MayStartBy(c account.Channel) error {
	if !slices.Contains(s.Policies.FirstChannels, c) {
		return ErrFirstChannel
	}
	return nil
}

// MayHaveRegions refuses an organization that does not work with regions.
func (s State) MayHaveRegions() error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case !s.Policies.Regions:
		return ErrNoRegions
	}
	return nil
}

func (s State) existing() error {
	if !s.Exists {
		return ErrNotFound
	}
	return nil
}
