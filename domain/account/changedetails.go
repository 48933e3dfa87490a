package account

import (
	"time"

	"sleutelbos/domain"
)

// ChangeDetails changes what is known of the holder, one event for each thing that
// changed. Nil leaves a thing as it is; empty takes it away (a name stays).
type ChangeDetails struct {
	Name, Email, Phone, Country, Description *string
	Now                                      time.Time
}

func (c ChangeDetails) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), c.valid(), s.open()); err != nil {
		return nil, err
	}
	if c.Email != nil && s.needsAddress() && address(s.Username, *c.Email) == "" {
		return nil, ErrEmailRequired
	}
	var events []Event
	if changed(c.Name, s.Name) {
		events = append(events, NameChanged{Name: *c.Name, OldName: s.Name})
	}
	if changed(c.Email, s.Email) {
		events = append(events, s.readdress(address(s.Username, *c.Email), c.Now)...)
		events = append(events, EmailChanged{Email: *c.Email, OldEmail: s.Email})
	}
	if changed(c.Phone, s.Phone) {
		events = append(events, PhoneChanged{Phone: *c.Phone, OldPhone: s.Phone})
	}
	if changed(c.Country, s.Country) {
		events = append(events, CountryChanged{Country: *c.Country, OldCountry: s.Country})
	}
	if changed(c.Description, s.Description) {
		events = append(events, DescriptionChanged{Description: *c.Description, OldDescription: s.Description})
	}
	return events, nil
}

func changed(to *string, from string) bool { return to != nil && *to != from }

func (c ChangeDetails) valid() error {
	for _, check := range []struct {
		value *string
		valid func(string) error
	}{
		{c.Name, validName}, {c.Email, validEmail}, {c.Phone, validPhone},
		{c.Country, validCountry}, {c.Description, validDescription},
	} {
		if check.value == nil {
			continue
		}
		if err := check.valid(*check.value); err != nil {
			return err
		}
	}
	return nil
}

// NameChanged says that the holder's name changed.
type NameChanged struct {
	Name    string `json:"name" personal:"yes"`
	OldName string `json:"old_name" personal:"yes"`
}

func (e NameChanged) evolve(s State) State { s.Name = e.Name; return s }

// EmailChanged says that the mail address beside the username changed.
type EmailChanged struct {
	Email    string `json:"email,omitempty" personal:"yes"`
	OldEmail string `json:"old_email,omitempty" personal:"yes"`
}

func (e EmailChanged) evolve(s State) State { s.Email = e.Email; return s }

// PhoneChanged says that the phone number changed.
type PhoneChanged struct {
	Phone    string `json:"phone,omitempty" personal:"yes"`
	OldPhone string `json:"old_phone,omitempty" personal:"yes"`
}

func (e PhoneChanged) evolve(s State) State { s.Phone = e.Phone; return s }

// CountryChanged says that the country in which the holder works changed.
type CountryChanged struct {
	Country    string `json:"country,omitempty"`
	OldCountry string `json:"old_country,omitempty"`
}

func (e CountryChanged) evolve(s State) State { s.Country = e.Country; return s }

// DescriptionChanged says that the description changed.
type DescriptionChanged struct {
	Description    string `json:"description,omitempty" personal:"yes"`
	OldDescription string `json:"old_description,omitempty" personal:"yes"`
}

func (e DescriptionChanged) evolve(s State) State { s.Description = e.Description; return s }
