package session

// Because says why a session ended.
type Because string

// The reasons.
const (
	BecauseSignedOut Because = "signed_out"
	BecauseExpired   Because = "expired"
	BecauseRevoked   Because = "revoked"
)

// End ends a session.
type End struct {
	Because Because
}

func (c End) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	switch c.Because {
	case BecauseSignedOut, BecauseExpired, BecauseRevoked:
	default:
		return nil, ErrBecauseUnknown
	}
	if s.Ended {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Ended{AccountID: s.AccountID, Because: c.Because}}, nil
}

// Ended says that a session ended.
type Ended struct {
	AccountID string  `json:"account_id"`
	Because   Because `json:"because"`
}

func (Ended) evolve(s State) State {
	s.Ended = true
	return s
}
