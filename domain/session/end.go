package session

import (
	"slices"

	"sleutelbos/domain"
)

// Because says why a session ended.
type Because string

// The reasons.
const (
	BecauseSignedOut Because = "signed_out"
	BecauseRevoked   Because = "revoked"
)

// Reasons returns every reason.
func Reasons() []Because { return []Because{BecauseSignedOut, BecauseRevoked} }

// Values implements domain.Enumeration.
func (Because) Values() []string { return domain.Values(Reasons()) }

// End ends a session.
type End struct {
	Because Because
}

func (c End) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if !slices.Contains(Reasons(), c.Because) {
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
