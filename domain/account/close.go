package account

import "sleutelbos/domain"

// Close ends an account for good, and its roles with it. Its history stays; the username may be
// given to another.
type Close struct {
	Reason string
}

func (c Close) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Reason(c.Reason)); err != nil {
		return nil, err
	}
	if s.Closed {
		return nil, nil // it is so already; nothing happened
	}
	return append(s.lost(), Closed{Reason: c.Reason}), nil
}

// Closed says that an account ended for good.
type Closed struct {
	Reason string `json:"reason" personal:"yes"`
}

func (Closed) evolve(s State) State {
	s.Closed = true
	return s
}

func (Closed) stops() {}
