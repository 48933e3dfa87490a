package message

import "sleutelbos/domain"

// MarkFailed records an attempt that failed.
type MarkFailed struct {
	Error string // a code; never the server's own text, which may hold addresses
}

func (c MarkFailed) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("error", c.Error)); err != nil {
		return nil, err
	}
	switch {
	case s.Sent:
		return nil, ErrAlreadySent
	case s.GivenUp:
		return nil, ErrGivenUp
	}
	return []Event{Failed{AccountID: s.AccountID, Attempt: s.Attempts + 1, Error: c.Error}}, nil
}

// Failed says that an attempt to send failed.
type Failed struct {
	AccountID string `json:"account_id"`
	Attempt   int    `json:"attempt"` // 1, 2, …
	Error     string `json:"error"`   // a code
}

func (e Failed) evolve(s State) State {
	s.Attempts = e.Attempt
	return s
}
