package session

import "time"

// Longest is how long a session lasts, whatever happens.
const Longest = 12 * time.Hour

// Expire records that a session ran out.
type Expire struct{}

func (Expire) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.Ended:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Expired{AccountID: s.AccountID}}, nil
}

// Expired says that a session ran out.
type Expired struct {
	AccountID string `json:"account_id"`
}

func (Expired) evolve(s State) State {
	s.Ended = true
	return s
}
