package account

import (
	"sleutelbos/domain"
	"sleutelbos/domain/postal"
	"sleutelbos/domain/typed"
)

// Details are what may be known of a holder beside the name. Each may be empty. T is string
// for all that is known, and *string for a request that names only some of it.
type Details[T any] struct {
	Nickname, Email, Phone, Country, Description T
	// Street, Postcode, City and PostalCountry are one address, to which letters go. Country is where the
	// holder works.
	Street, Postcode, City, PostalCountry T
}

// detail is one of them: where it is, which texts are acceptable, and the event of its change.
type detail struct {
	in      func(*Details[string]) *string
	asked   func(Details[*string]) *string
	valid   func(string) error
	changed func(change) Event // nil for a part of the address, which is told as a whole
}

// change is what a detail becomes and what it was, in an organization of a country.
type change struct{ to, from, home string }

// details are all of them, in the order in which their changes are told.
var details = []detail{
	{
		func(d *Details[string]) *string { return &d.Nickname }, func(d Details[*string]) *string { return d.Nickname },
		validNickname, func(c change) Event { return NicknameSet{c.to, c.from} },
	},
	{
		func(d *Details[string]) *string { return &d.Email }, func(d Details[*string]) *string { return d.Email },
		validEmail, func(c change) Event { return EmailChanged{c.to, c.from} },
	},
	{
		func(d *Details[string]) *string { return &d.Phone }, func(d Details[*string]) *string { return d.Phone },
		domain.OptionalPhone, func(c change) Event { return PhoneChanged{c.to, typed.PhoneNumber(c.to, c.home), c.from} },
	},
	{
		func(d *Details[string]) *string { return &d.Country }, func(d Details[*string]) *string { return d.Country },
		validCountry, func(c change) Event { return CountryChanged{c.to, c.from} },
	},
	{
		func(d *Details[string]) *string { return &d.Description }, func(d Details[*string]) *string { return d.Description },
		validDescription, func(c change) Event { return DescriptionChanged{c.to, c.from} },
	},
	{in: func(d *Details[string]) *string { return &d.Street }, asked: func(d Details[*string]) *string { return d.Street }},
	{in: func(d *Details[string]) *string { return &d.Postcode }, asked: func(d Details[*string]) *string { return d.Postcode }},
	{in: func(d *Details[string]) *string { return &d.City }, asked: func(d Details[*string]) *string { return d.City }},
	{in: func(d *Details[string]) *string { return &d.PostalCountry }, asked: func(d Details[*string]) *string { return d.PostalCountry }},
}

// postalAddress returns the address among the details.
func postalAddress(d Details[string]) postal.Address {
	return postal.Address{Street: d.Street, Postcode: d.Postcode, City: d.City, PostalCountry: d.PostalCountry}.Canonical()
}

// validDetails refuses the first detail that is not acceptable.
func validDetails(given Details[string]) error {
	for _, d := range details {
		if d.valid == nil {
			continue
		}
		if err := d.valid(*d.in(&given)); err != nil {
			return err
		}
	}
	return nil
}

// retell returns an event for each detail that is not yet as it is wanted. The country is the
// organization's.
func (s State) retell(wanted Details[string], country string) []Event {
	var events []Event
	known := s.Details // pointing into s would move the whole state to the heap
	for _, d := range details {
		if to, from := *d.in(&wanted), *d.in(&known); to != from && d.changed != nil {
			events = append(events, d.changed(change{to, from, country}))
		}
	}
	if to, from := postalAddress(wanted), postalAddress(known); to != from {
		events = append(events, PostalAddressChanged{
			Street: to.Street, Postcode: to.Postcode, City: to.City, PostalCountry: to.PostalCountry,
			OldStreet: from.Street, OldPostcode: from.Postcode, OldCity: from.City, OldPostalCountry: from.PostalCountry,
		})
	}
	return events
}

const maxNickname = 100

func validNickname(text string) error { return domain.Text("nickname", text, maxNickname) }

// NicknameSet says that the name by which the holder is called changed. It is told after the
// creation, too, which does not tell it.
type NicknameSet struct {
	Nickname    string `json:"nickname,omitempty" personal:"yes"`
	OldNickname string `json:"old_nickname,omitempty" personal:"yes"`
}

func (e NicknameSet) evolve(s State) State { s.Nickname = e.Nickname; return s }

// EmailChanged says that the mail address beside the username changed.
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

// PostalAddressChanged says that the address changed to which letters go. It is told after the creation,
// too, which does not tell it.
type PostalAddressChanged struct {
	Street           string `json:"street,omitempty" personal:"yes"`
	Postcode         string `json:"postcode,omitempty" personal:"yes"`
	City             string `json:"city,omitempty" personal:"yes"`
	PostalCountry    string `json:"postal_country,omitempty" personal:"yes"`
	OldStreet        string `json:"old_street,omitempty" personal:"yes"`
	OldPostcode      string `json:"old_postcode,omitempty" personal:"yes"`
	OldCity          string `json:"old_city,omitempty" personal:"yes"`
	OldPostalCountry string `json:"old_postal_country,omitempty" personal:"yes"`
}

func (e PostalAddressChanged) evolve(s State) State {
	s.Street, s.Postcode, s.City, s.PostalCountry = e.Street, e.Postcode, e.City, e.PostalCountry
	return s
}
