package account

import (
	"time"

	"sleutelbos/domain"
)

// ClearValidUntil takes the last day away. An account that was over is usable again.
type ClearValidUntil struct{}

func (ClearValidUntil) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), s.open()); err != nil {
		return nil, err
	}
	if s.EndsAt.IsZero() {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{ValidityCleared{OldValidUntil: s.ValidUntil, OldEndsAt: s.EndsAt, OldExpired: s.Expired}}, nil
}

// ValidityCleared says that an account has no last day any more.
type ValidityCleared struct {
	OldValidUntil string    `json:"old_valid_until"`
	OldEndsAt     time.Time `json:"old_ends_at,omitzero"` // zero in events from before it was recorded
	OldExpired    bool      `json:"old_expired,omitzero"` // the clock had said that the day was over
}

func (ValidityCleared) evolve(s State) State {
	s.ValidUntil, s.EndsAt, s.Expired = "", time.Time{}, false
	return s
}
