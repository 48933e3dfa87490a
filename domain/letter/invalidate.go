package letter

import (
	"slices"

	"sleutelbos/domain"
)

// Because says why a letter lost its validity.
type Because string

// The reasons.
const (
	BecauseSuperseded Because = "superseded"
	BecauseActivated  Because = "activated"
	BecauseExpired    Because = "expired"
)

// Reasons returns every reason.
func Reasons() []Because { return []Because{BecauseSuperseded, BecauseActivated, BecauseExpired} }

// Values implements domain.Enumeration.
func (Because) Values() []string { return domain.Values(Reasons()) }

// Invalidate ends the validity of what a letter tells.
type Invalidate struct {
	Because Because
}

func (c Invalidate) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if !slices.Contains(Reasons(), c.Because) {
		return nil, ErrBecauseUnknown
	}
	if s.Invalid {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Invalidated{AccountID: s.AccountID, Because: c.Because}}, nil
}

// Invalidated says that what a letter tells is no longer valid.
type Invalidated struct {
	AccountID string  `json:"account_id"`
	Because   Because `json:"because"`
}

func (Invalidated) evolve(s State) State {
	s.Invalid = true
	return s
}
