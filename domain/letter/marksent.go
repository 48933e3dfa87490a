package letter

// MarkSent records that a printed letter went into the post.
type MarkSent struct{}

func (MarkSent) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	switch {
	case s.Sent:
		return nil, nil // it is so already; nothing happened
	case s.Invalid:
		return nil, ErrInvalid
	case !s.Printed:
		return nil, ErrNotPrinted
	}
	return []Event{Sent{AccountID: s.AccountID}}, nil
}

// Sent says that a letter went into the post.
type Sent struct {
	AccountID string `json:"account_id"`
}

func (Sent) evolve(s State) State {
	s.Sent = true
	return s
}
