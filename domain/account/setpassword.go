package account

import "sleutelbos/domain"

// SetPassword replaces the password by one that an administrator knows. The holder then has
// to change it, unless the administrator says otherwise. It does not activate an account.
type SetPassword struct {
	CredentialID string
	Generated    bool
	Keep         bool // the holder need not change it
}

func (c SetPassword) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if err := domain.Identifier("credential_id", c.CredentialID); err != nil {
		return nil, err
	}
	switch {
	case s.Closed:
		return nil, ErrClosed
	case s.Role == RoleService:
		return nil, ErrProgram
	case !s.Activated:
		return nil, ErrNotActivated
	case s.PasswordID == c.CredentialID:
		return nil, nil // this very one was set; nothing happened
	}
	events := []Event{PasswordSetByAdmin{CredentialID: c.CredentialID, Generated: c.Generated}}
	if !c.Keep && !s.PasswordChangeRequired {
		events = append(events, PasswordChangeRequired{})
	}
	return events, nil
}

// PasswordSetByAdmin says that an administrator set the password.
type PasswordSetByAdmin struct {
	CredentialID string `json:"credential_id"`
	Generated    bool   `json:"generated"`
}

func (e PasswordSetByAdmin) evolve(s State) State {
	s.PasswordID, s.GivenPasswordID = e.CredentialID, e.CredentialID
	return s
}
