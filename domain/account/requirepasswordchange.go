package account

// RequirePasswordChange makes the holder choose a new password at the next login.
type RequirePasswordChange struct{}

func (RequirePasswordChange) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	switch {
	case s.Closed:
		return nil, ErrClosed
	case !s.Activated:
		return nil, ErrNotActivated
	case s.PasswordID == "":
		return nil, ErrPasswordNotApplicable
	case s.PasswordChangeRequired:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{PasswordChangeRequired{}}, nil
}

// PasswordChangeRequired says that the holder must choose a new password.
type PasswordChangeRequired struct{}

func (PasswordChangeRequired) evolve(s State) State {
	s.PasswordChangeRequired = true
	return s
}
