package account

import (
	"time"

	"sleutelbos/domain"
)

// ChangePassword replaces the password by another that the holder chose. The caller has
// checked the old one.
type ChangePassword struct {
	CredentialID string
	Now          time.Time
}

func (c ChangePassword) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if err := domain.Identifier("credential_id", c.CredentialID); err != nil {
		return nil, err
	}
	if err := s.LoginRefusal(c.Now); err != nil {
		return nil, err
	}
	switch s.PasswordID {
	case "":
		return nil, ErrPasswordNotApplicable
	case c.CredentialID:
		return nil, nil // this very one was chosen; nothing happened
	}
	return []Event{PasswordChanged{CredentialID: c.CredentialID, OldPasswordChangeRequired: s.PasswordChangeRequired}}, nil
}

// PasswordChanged says that the holder chose another password.
type PasswordChanged struct {
	CredentialID              string `json:"credential_id"`
	OldPasswordChangeRequired bool   `json:"old_password_change_required,omitzero"`
}

func (e PasswordChanged) evolve(s State) State {
	s.PasswordID, s.PasswordChangeRequired = e.CredentialID, false
	return s
}
