package letter

import "sleutelbos/domain"

// Create makes a letter, to be printed by an administrator.
type Create struct {
	AccountID      string
	OrganizationID string
	Kind           Kind
	Recipient      string // the name on the letter
	CredentialID   string // of what the letter tells
}

func (c Create) decide(s State) ([]Event, error) {
	if err := domain.First(
		domain.Identifier("account_id", c.AccountID),
		domain.Identifier("organization_id", c.OrganizationID),
		domain.RequiredText("recipient", c.Recipient, domain.MaxName),
		domain.Identifier("credential_id", c.CredentialID)); err != nil {
		return nil, err
	}
	subject, known := subjects[c.Kind]
	if !known {
		return nil, ErrKindUnknown
	}
	if s.Exists {
		if s.AccountID == c.AccountID && s.CredentialID == c.CredentialID {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	return []Event{Created{
		AccountID: c.AccountID, OrganizationID: c.OrganizationID, Kind: c.Kind,
		Subject: subject, Recipient: c.Recipient, CredentialID: c.CredentialID,
	}}, nil
}

// Created says that a letter was made.
type Created struct {
	AccountID      string `json:"account_id"`
	OrganizationID string `json:"organization_id"`
	Kind           Kind   `json:"kind"`
	Subject        string `json:"subject"`
	Recipient      string `json:"recipient" personal:"yes"`
	CredentialID   string `json:"credential_id"`
}

func (e Created) evolve(s State) State {
	s.Exists, s.AccountID, s.OrganizationID, s.Kind, s.CredentialID = true, e.AccountID, e.OrganizationID, e.Kind, e.CredentialID
	return s
}
