package account

import "sleutelbos/domain"

// EndSessions ends what was opened by signing in to the account, wherever.
type EndSessions struct {
	Kept string // the session that goes on; empty for none
}

func (c EndSessions) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if c.Kept != "" {
		if err := domain.Identifier("session_id", c.Kept); err != nil {
			return nil, err
		}
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	return []Event{SessionsEnded{KeptSession: c.Kept}}, nil
}

// SessionsEnded says that the account was signed out everywhere, but in the session that was kept.
type SessionsEnded struct {
	KeptSession string `json:"kept_session,omitzero"`
}

func (SessionsEnded) evolve(s State) State {
	s.Epoch++
	return s
}
