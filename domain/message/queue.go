package message

import (
	"maps"
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
)

// Queue asks for a mail to be sent.
type Queue struct {
	AccountID      string // the account that the mail is about
	OrganizationID string // empty only for the provider's own accounts
	Template       Template
	Recipient      string            // the mail address
	Language       string            // nl or en
	CredentialID   string            // of the link in it, if there is one
	ToAdmin        bool              // it goes to an administrator in the holder's place
	Variables      map[string]string // for the template; nothing personal, nothing secret
	// TemplateVersion counts the changes that the organization had made to the template by then; 0 is the
	// built-in text.
	TemplateVersion int64
}

func (c Queue) decide(s State) ([]Event, error) {
	if err := c.valid(); err != nil {
		return nil, err
	}
	if s.Exists {
		if s.AccountID == c.AccountID && s.Template == c.Template {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	queued := Queued(c)
	queued.Variables = maps.Clone(c.Variables)
	return []Event{queued}, nil
}

func (c Queue) valid() error {
	if err := domain.Identifier("account_id", c.AccountID); err != nil {
		return err
	}
	if !slices.Contains(Templates(), c.Template) {
		return ErrTemplateUnknown
	}
	if !mailaddress.Valid(c.Recipient) {
		return ErrRecipientInvalid
	}
	if !slices.Contains(Languages(), c.Language) {
		return ErrLanguageUnknown
	}
	for name, value := range c.Variables {
		if err := domain.First(domain.Identifier("variables", name), domain.Text("variables", value, domain.MaxReason)); err != nil {
			return err
		}
	}
	return nil
}

// Queued says that a mail is to be sent.
type Queued struct {
	AccountID      string            `json:"account_id"`
	OrganizationID string            `json:"organization_id"`
	Template       Template          `json:"template"`
	Recipient      string            `json:"recipient" personal:"yes"`
	Language       string            `json:"language"`
	CredentialID   string            `json:"credential_id,omitempty"`
	ToAdmin        bool              `json:"to_admin,omitzero"`
	Variables      map[string]string `json:"variables,omitempty"`

	TemplateVersion int64 `json:"template_version,omitzero"`
}

// OfOthers returns the stored names of the members that tell of somebody else than the account that
// the mail is about: the address of the administrator who got it.
func (e Queued) OfOthers() []string {
	if e.ToAdmin {
		return []string{"recipient"}
	}
	return nil
}

func (e Queued) evolve(s State) State {
	s.Exists, s.AccountID, s.OrganizationID, s.Template = true, e.AccountID, e.OrganizationID, e.Template
	return s
}
