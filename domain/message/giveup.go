package message

// GiveUp ends the attempts to send a mail.
type GiveUp struct{}

func (GiveUp) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	switch {
	case s.GivenUp:
		return nil, nil // it is so already; nothing happened
	case s.Sent:
		return nil, ErrAlreadySent
	}
	return []Event{GivenUp{AccountID: s.AccountID, Attempts: s.Attempts}}, nil
}

// GivenUp says that a mail will not be sent.
type GivenUp struct {
	AccountID string `json:"account_id"`
	Attempts  int    `json:"attempts"`
}

func (GivenUp) evolve(s State) State {
	s.GivenUp = true
	return s
}
