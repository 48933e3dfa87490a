package person

import (
	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// Register makes a person known to an organization, with what the person is to it.
type Register struct {
	OrganizationID string
	Name           typed.Name
	Details[string]
	EmployedFrom string // the first day; empty for nobody who is or was employed
	Contact      Contact
	Volunteer    bool
	HomeCountry  string // of the organization: what sorts its names and dials its numbers
	Today        string
}

func (c Register) decide(s State) ([]Event, error) {
	if err := domain.First(domain.Identifier("organization_id", c.OrganizationID), validName(c.Name), validDetails(c.Details, c.Today)); err != nil {
		return nil, err
	}
	if s.Exists {
		if s.OrganizationID == c.OrganizationID && s.Name == c.Name {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	registered := Registered{
		OrganizationID: c.OrganizationID, GivenName: c.Name.GivenName, SurnamePrefix: c.Name.SurnamePrefix, Surname: c.Name.Surname,
		NameOrder: typed.NameOrderIn(c.HomeCountry), Email: c.Email, Phone: c.Phone, PhoneNumber: typed.PhoneNumber(c.Phone, c.HomeCountry), BirthDate: c.BirthDate,
	}
	events, after := []Event{registered}, registered.evolve(s)
	for _, also := range c.also() {
		more, err := also.decide(after)
		if err != nil {
			return nil, err
		}
		events = append(events, more...)
	}
	return events, nil
}

// also returns the commands for what the person is to the organization from the start.
func (c Register) also() []Command {
	var all []Command
	if c.EmployedFrom != "" {
		all = append(all, StartEmployment{From: c.EmployedFrom})
	}
	if c.Contact != (Contact{}) {
		all = append(all, RegisterExternalContact{c.Contact})
	}
	if c.Volunteer {
		all = append(all, ActivateVolunteer{})
	}
	return all
}

// Registered says that an organization knows a person.
type Registered struct {
	OrganizationID string          `json:"organization_id"`
	GivenName      string          `json:"given_name,omitempty" personal:"yes"`
	SurnamePrefix  string          `json:"surname_prefix,omitempty" personal:"yes"`
	Surname        string          `json:"surname" personal:"yes"`
	NameOrder      typed.NameOrder `json:"name_order"` // as the organization's country had it
	Email          string          `json:"email,omitempty" personal:"yes"`
	Phone          string          `json:"phone,omitempty" personal:"yes"`        // as it was typed
	PhoneNumber    string          `json:"phone_number,omitempty" personal:"yes"` // the same in its one form, if it has one (typed.PhoneNumber)
	BirthDate      string          `json:"birth_date,omitempty" personal:"yes"`
}

// Parts returns the name.
func (e Registered) Parts() typed.Name {
	return typed.Name{GivenName: e.GivenName, SurnamePrefix: e.SurnamePrefix, Surname: e.Surname}
}

func (e Registered) evolve(s State) State {
	s.Exists, s.OrganizationID, s.Name = true, e.OrganizationID, e.Parts()
	s.Details = Details[string]{Email: e.Email, Phone: e.Phone, BirthDate: e.BirthDate}
	return s
}
