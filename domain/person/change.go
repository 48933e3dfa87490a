package person

import (
	"cmp"

	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// Change changes what is known of a person, one event for each thing that changed. Nil leaves a
// thing as it is; empty takes it away (a surname stays).
type Change struct {
	GivenName, SurnamePrefix, Surname *string
	Details[*string]
	HomeCountry string // of the organization: what sorts its names and dials its numbers
	Today       string
}

func (c Change) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	name := typed.Name{
		GivenName:     *cmp.Or(c.GivenName, &s.Name.GivenName),
		SurnamePrefix: *cmp.Or(c.SurnamePrefix, &s.Name.SurnamePrefix),
		Surname:       *cmp.Or(c.Surname, &s.Name.Surname),
	}
	wanted := Details[string]{Email: *cmp.Or(c.Email, &s.Email), Phone: *cmp.Or(c.Phone, &s.Phone), BirthDate: *cmp.Or(c.BirthDate, &s.BirthDate)}
	if err := domain.First(validName(name), validDetails(wanted, c.Today)); err != nil {
		return nil, err
	}
	var events []Event
	if name != s.Name {
		events = append(events, NameChanged{
			GivenName: name.GivenName, SurnamePrefix: name.SurnamePrefix, Surname: name.Surname, NameOrder: typed.NameOrderIn(c.HomeCountry),
			OldGivenName: s.Name.GivenName, OldSurnamePrefix: s.Name.SurnamePrefix, OldSurname: s.Name.Surname,
		})
	}
	if wanted.Email != s.Email {
		events = append(events, EmailChanged{Email: wanted.Email, OldEmail: s.Email})
	}
	if wanted.Phone != s.Phone {
		events = append(events, PhoneChanged{Phone: wanted.Phone, PhoneNumber: typed.PhoneNumber(wanted.Phone, c.HomeCountry), OldPhone: s.Phone})
	}
	if wanted.BirthDate != s.BirthDate {
		events = append(events, BirthDateChanged{BirthDate: wanted.BirthDate, OldBirthDate: s.BirthDate})
	}
	return events, nil
}

// NameChanged says that the person has another name, and how lists order it.
type NameChanged struct {
	GivenName        string          `json:"given_name,omitempty" personal:"yes"`
	SurnamePrefix    string          `json:"surname_prefix,omitempty" personal:"yes"`
	Surname          string          `json:"surname" personal:"yes"`
	NameOrder        typed.NameOrder `json:"name_order"` // as the organization's country had it
	OldGivenName     string          `json:"old_given_name,omitempty" personal:"yes"`
	OldSurnamePrefix string          `json:"old_surname_prefix,omitempty" personal:"yes"`
	OldSurname       string          `json:"old_surname" personal:"yes"`
}

// Parts returns the name.
func (e NameChanged) Parts() typed.Name {
	return typed.Name{GivenName: e.GivenName, SurnamePrefix: e.SurnamePrefix, Surname: e.Surname}
}

func (e NameChanged) evolve(s State) State { s.Name = e.Parts(); return s }

// EmailChanged says that the mail address changed.
type EmailChanged struct {
	Email    string `json:"email,omitempty" personal:"yes"`
	OldEmail string `json:"old_email,omitempty" personal:"yes"`
}

func (e EmailChanged) evolve(s State) State { s.Email = e.Email; return s }

// PhoneChanged says that the phone number changed, or how it is written.
type PhoneChanged struct {
	Phone       string `json:"phone,omitempty" personal:"yes"`        // as it was typed
	PhoneNumber string `json:"phone_number,omitempty" personal:"yes"` // the same in its one form, if it has one (typed.PhoneNumber)
	OldPhone    string `json:"old_phone,omitempty" personal:"yes"`
}

func (e PhoneChanged) evolve(s State) State { s.Phone = e.Phone; return s }

// BirthDateChanged says that the date of birth is another one.
type BirthDateChanged struct {
	BirthDate    string `json:"birth_date,omitempty" personal:"yes"`
	OldBirthDate string `json:"old_birth_date,omitempty" personal:"yes"`
}

func (e BirthDateChanged) evolve(s State) State { s.BirthDate = e.BirthDate; return s }
