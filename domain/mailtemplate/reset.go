package mailtemplate

import "sleutelbos/domain/message"

// Reset gives a mail of an organization the subject and text again that are built in.
type Reset struct{ About }

func (c Reset) decide(s State) ([]Event, error) {
	if err := c.known(); err != nil {
		return nil, err
	}
	held, changed := s.Texts[c.Language]
	if !changed {
		return nil, nil // it is so already; nothing happened
	}
	now := BuiltIn(c.Template, c.Language)
	return []Event{WasReset{
		OrganizationID: c.OrganizationID, Template: c.Template, Language: c.Language,
		Subject: now.Subject, Body: now.Body, OldSubject: held.Subject, OldBody: held.Body,
	}}, nil
}

// WasReset says that a mail of an organization has the subject and text again that are built in, which
// were these then. A later version of the program may have others.
type WasReset struct {
	OrganizationID string           `json:"organization_id"`
	Template       message.Template `json:"template"`
	Language       string           `json:"language"`
	Subject        string           `json:"subject"`
	Body           string           `json:"body"`
	OldSubject     string           `json:"old_subject"`
	OldBody        string           `json:"old_body"`
}

func (e WasReset) evolve(s State) State { return s.without(e.Language) }

// Meant implements Event.
func (e WasReset) Meant() About { return About{e.OrganizationID, e.Template, e.Language} }
