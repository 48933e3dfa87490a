package mailtemplate

import (
	"sleutelbos/domain"
	"sleutelbos/domain/message"
)

// Change gives a mail of an organization another subject and text.
type Change struct {
	About
	Text Text
}

func (c Change) decide(s State) ([]Event, error) {
	if err := c.known(); err != nil {
		return nil, err
	}
	if err := domain.First(
		domain.RequiredText("subject", c.Text.Subject, domain.MaxName),
		domain.RequiredLines("body", c.Text.Body, MaxText),
		c.Text.fits(c.Template)); err != nil {
		return nil, err
	}
	if c.Text == BuiltIn(c.Template, c.Language) {
		return Reset{c.About}.decide(s)
	}
	held := s.Held(c.Template, c.Language)
	if held == c.Text {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Changed{
		OrganizationID: c.OrganizationID, Template: c.Template, Language: c.Language,
		Subject: c.Text.Subject, Body: c.Text.Body, OldSubject: held.Subject, OldBody: held.Body,
	}}, nil
}

// Changed says that a mail of an organization got another subject or text.
type Changed struct {
	OrganizationID string           `json:"organization_id"`
	Template       message.Template `json:"template"`
	Language       string           `json:"language"`
	Subject        string           `json:"subject"`
	Body           string           `json:"body"`
	OldSubject     string           `json:"old_subject"`
	OldBody        string           `json:"old_body"`
}

func (e Changed) evolve(s State) State { return s.with(e.Language, Text{e.Subject, e.Body}) }

// Meant implements Event.
func (e Changed) Meant() About { return About{e.OrganizationID, e.Template, e.Language} }
