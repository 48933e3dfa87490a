package account

import "sleutelbos/domain"

// Details are what may be known of a holder beside the name. Each may be empty. T is string
// for all that is known, and *string for a request that names only some of it.
type Details[T any] struct {
	Nickname, Email, Phone, Country, Description T
}

// detail is one of them: where it is, which texts are acceptable, and the event of its change.
type detail struct {
	in      func(*Details[string]) *string
	asked   func(Details[*string]) *string
	valid   func(string) error
	changed func(to, from string) Event
}

// details are all of them, in the order in which their changes are told.
var details = []detail{
	{
		func(d *Details[string]) *string { return &d.Nickname }, func(d Details[*string]) *string { return d.Nickname },
		validNickname, func(to, from string) Event { return NicknameSet{to, from} },
	},
	{
		func(d *Details[string]) *string { return &d.Email }, func(d Details[*string]) *string { return d.Email },
		validEmail, func(to, from string) Event { return EmailChanged{to, from} },
	},
	{
		func(d *Details[string]) *string { return &d.Phone }, func(d Details[*string]) *string { return d.Phone },
		validPhone, func(to, from string) Event { return PhoneChanged{to, from} },
	},
	{
		func(d *Details[string]) *string { return &d.Country }, func(d Details[*string]) *string { return d.Country },
		validCountry, func(to, from string) Event { return CountryChanged{to, from} },
	},
	{
		func(d *Details[string]) *string { return &d.Description }, func(d Details[*string]) *string { return d.Description },
		validDescription, func(to, from string) Event { return DescriptionChanged{to, from} },
	},
}

// validDetails refuses the first detail that is not acceptable.
func validDetails(given Details[string]) error {
	for _, d := range details {
		if err := d.valid(*d.in(&given)); err != nil {
			return err
		}
	}
	return nil
}

// retell returns an event for each detail that is not yet as it is wanted.
func (s State) retell(wanted Details[string]) []Event {
	var events []Event
	known := s.Details // pointing into s would move the whole state to the heap
	for _, d := range details {
		if to, from := *d.in(&wanted), *d.in(&known); to != from {
			events = append(events, d.changed(to, from))
		}
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
