package message

// MarkSent records that the mail server took the mail.
type MarkSent struct{}

func (MarkSent) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	switch {
	case s.Sent:
		return nil, nil // it is so already; nothing happened
	case s.GivenUp:
		return nil, ErrGivenUp
	}
	return []Event{Sent{AccountID: s.AccountID, Attempt: s.Attempts + 1}}, nil
}

// Sent says that the mail server took the mail.
type Sent struct {
	AccountID string `json:"account_id"`
	Attempt   int    `json:"attempt"` // 1, 2, …
}

func (Sent) evolve(s State) State {
	s.Sent = true
	return s
}
