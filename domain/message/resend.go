package message

// Resend asks for a mail to be tried again that was given up.
type Resend struct{}

func (Resend) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	switch {
	case s.Sent:
		return nil, ErrAlreadySent
	case !s.GivenUp:
		return nil, nil // it is being tried already; nothing happened
	}
	return []Event{Requeued{AccountID: s.AccountID, OldAttempts: s.Attempts}}, nil
}

// Requeued says that a mail is to be sent after all. Its attempts are counted anew.
type Requeued struct {
	AccountID   string `json:"account_id"`
	OldAttempts int    `json:"old_attempts"` // how often it had failed
}

func (Requeued) evolve(s State) State {
	s.GivenUp, s.Attempts = false, 0
	return s
}
