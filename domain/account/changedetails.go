package account

import (
	"time"

	"sleutelbos/domain"
)

// ChangeDetails changes what is known of the holder, one event for each thing that
// changed. Nil leaves a thing as it is; empty takes it away (a name stays).
type ChangeDetails struct {
	NameChange
	Details[*string]
	HomeCountry string // of the organization: what sorts its names and dials its numbers
	Now         time.Time
}

func (c ChangeDetails) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), c.valid(), s.open()); err != nil {
		return nil, err
	}
	wanted := c.over(s.Details)
	if c.readdresses() {
		if err := postalAddress(wanted).Check(); err != nil {
			return nil, err
		}
	}
	if c.Email != nil && s.needsAddress() && address(s.Username, *c.Email) == "" {
		return nil, ErrEmailRequired
	}
	whole, parts, err := c.NameChange.over(s)
	if err != nil {
		return nil, err
	}
	var events []Event
	if whole != s.Name {
		events = append(events, NameChanged{Name: whole, OldName: s.Name})
	}
	events = append(events, s.inParts(parts, c.HomeCountry)...)
	if c.Email != nil && *c.Email != s.Email {
		events = append(events, s.readdress(address(s.Username, *c.Email), c.Now)...)
	}
	return append(events, s.retell(wanted, c.HomeCountry)...), nil
}

func (c ChangeDetails) valid() error {
	if c.Name != nil {
		if err := validName(*c.Name); err != nil {
			return err
		}
	}
	return validDetails(c.over(Details[string]{}))
}

// readdresses says whether the request names a part of the postal address. It is judged with what is
// known of the other parts.
func (c ChangeDetails) readdresses() bool {
	return c.Street != nil || c.Postcode != nil || c.City != nil || c.PostalCountry != nil
}

// over returns the details with those of the request in their places.
func (c ChangeDetails) over(known Details[string]) Details[string] {
	for _, d := range details {
		if asked := d.asked(c.Details); asked != nil {
			*d.in(&known) = *asked
		}
	}
	return known
}

// NameChanged says that the holder's name changed.
type NameChanged struct {
	Name    string `json:"name" personal:"yes"`
	OldName string `json:"old_name" personal:"yes"`
}

func (e NameChanged) evolve(s State) State { s.Name = e.Name; return s }
