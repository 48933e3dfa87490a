package account

import (
	"time"

	"sleutelbos/domain"
)

// SetValidUntil gives an account a last day, that day included.
type SetValidUntil struct {
	ValidUntil string    // "2006-01-02"
	EndsAt     time.Time // when that day is over in the organization's time zone (EndOfDay)
	Now        time.Time
}

func (c SetValidUntil) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), validEnd(c.ValidUntil, c.EndsAt, c.Now), s.open()); err != nil {
		return nil, err
	}
	if s.ValidUntil == c.ValidUntil && s.EndsAt.Equal(c.EndsAt) {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{ValiditySet{
		ValidUntil: c.ValidUntil, EndsAt: domain.Instant(c.EndsAt),
		OldValidUntil: s.ValidUntil, OldEndsAt: s.EndsAt, OldExpired: s.Expired,
	}}, nil
}

// ValiditySet says that an account got a last day, and which it had. Without an old one it
// had none.
type ValiditySet struct {
	ValidUntil    string    `json:"valid_until"` // "2006-01-02", that day included
	EndsAt        time.Time `json:"ends_at"`     // when that day is over
	OldValidUntil string    `json:"old_valid_until,omitempty"`
	OldEndsAt     time.Time `json:"old_ends_at,omitzero"`
	OldExpired    bool      `json:"old_expired,omitzero"` // the clock had said that the old day was over
}

func (e ValiditySet) evolve(s State) State {
	s.ValidUntil, s.EndsAt, s.Expired = e.ValidUntil, e.EndsAt, false
	return s
}
