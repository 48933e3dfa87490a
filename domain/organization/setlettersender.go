package organization

import (
	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/postal"
)

// Sender is who writes the letters of an organization: a house and its department, not a person. The zero
// value is that none was said.
type Sender struct {
	Name          string `json:"name,omitempty"`
	Department    string `json:"department,omitempty"`
	Street        string `json:"street,omitempty"`
	Postcode      string `json:"postcode,omitempty"`
	City          string `json:"city,omitempty"`
	PostalCountry string `json:"postal_country,omitempty"`
	Phone         string `json:"phone,omitempty"` // for questions, as is the mail address
	Email         string `json:"email,omitempty"`
}

// Address returns where a letter comes back to that can't be delivered.
func (s Sender) Address() postal.Address {
	return postal.Address{Street: s.Street, Postcode: s.Postcode, City: s.City, PostalCountry: s.PostalCountry}
}

const maxDepartment = 100

// canonical returns the sender with the postcode as its country writes it.
func (s Sender) canonical() Sender {
	s.Postcode = s.Address().Canonical().Postcode
	return s
}

// check refuses a sender to whom no letter could come back. To say none is not refused.
func (s Sender) check() error {
	if s == (Sender{}) {
		return nil
	}
	if err := domain.First(
		domain.RequiredText("name", s.Name, domain.MaxName), domain.Text("department", s.Department, maxDepartment),
		domain.RequiredText("street", s.Street, postal.MaxStreet), s.Address().Check(),
	); err != nil {
		return err
	}
	if err := domain.OptionalPhone(s.Phone); err != nil {
		return err
	}
	if s.Email != "" && !mailaddress.Valid(s.Email) {
		return ErrEmailInvalid
	}
	return nil
}

// SetLetterSender changes who writes the letters of the organization.
type SetLetterSender struct {
	Sender Sender
}

func (c SetLetterSender) decide(s State) ([]Event, error) {
	sender := c.Sender.canonical()
	if err := domain.First(s.existing(), sender.check()); err != nil {
		return nil, err
	}
	if s.Sender == sender {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{LetterSenderChanged{Sender: sender, OldSender: s.Sender}}, nil
}

// LetterSenderChanged says who writes the letters of the organization.
type LetterSenderChanged struct {
	Sender    Sender `json:"sender"`
	OldSender Sender `json:"old_sender"`
}

func (e LetterSenderChanged) evolve(s State) State {
	s.Sender = e.Sender
	return s
}
