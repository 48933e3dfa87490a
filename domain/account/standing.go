package account

import (
	"time"

	"sleutelbos/domain"
)

// Standing is what decides whether an account may be used. The rules read it from the
// state, the read models from their rows; both ask it the same questions.
type Standing struct {
	Stops
	EndsAt              time.Time        `json:"ends_at"` // the instant from which it is over; zero for no end
	Activation          ActivationStatus `json:"activation"`
	ActivationExpiresAt time.Time        `json:"activation_expires_at"`
}

// ActivationStatus is what became of an account's activation.
type ActivationStatus string

// The statuses of an activation.
const (
	StatusNotSent   ActivationStatus = "not_sent"
	StatusSent      ActivationStatus = "sent"
	StatusExpired   ActivationStatus = "expired"
	StatusCompleted ActivationStatus = "completed"
)

// ActivationStatuses returns every status of an activation.
func ActivationStatuses() []ActivationStatus {
	return []ActivationStatus{StatusNotSent, StatusSent, StatusExpired, StatusCompleted}
}

// Values implements domain.Enumeration.
func (ActivationStatus) Values() []string { return domain.Values(ActivationStatuses()) }

// Badge is the one word that a list shows for an account: the strongest reason why it
// cannot be used, or BadgeActive.
type Badge string

// The badges beside those of the stops.
const (
	BadgeExpired           Badge = "expired"
	BadgeActivationExpired Badge = "activation_expired"
	BadgeActivationNotSent Badge = "activation_not_sent"
	BadgeActivationSent    Badge = "activation_sent"
	BadgeActive            Badge = "active"
)

// Badges returns every badge, the strongest reason first.
func Badges() []Badge {
	return append(StopBadges(),
		BadgeExpired, BadgeActivationExpired, BadgeActivationNotSent, BadgeActivationSent, BadgeActive)
}

// Values implements domain.Enumeration.
func (Badge) Values() []string { return domain.Values(Badges()) }

// Stops says whether the account can't be used, whatever becomes of its activation.
func (b Badge) Stops() bool {
	return b == BadgeClosed || b == BadgeBlocked || b == BadgeDisabled || b == BadgeExpired
}

// Over says whether the end date has passed, which it has from exactly EndsAt on.
func (s Standing) Over(now time.Time) bool { return !s.EndsAt.IsZero() && !now.Before(s.EndsAt) }

// ActivationAt returns what became of the activation by this moment. A deadline counts at
// once, whether or not the clock's event has recorded it.
func (s Standing) ActivationAt(now time.Time) ActivationStatus {
	if s.Activation == StatusSent && !now.Before(s.ActivationExpiresAt) {
		return StatusExpired
	}
	return s.Activation
}

// Badge returns the strongest reason why the account cannot be used at this moment.
func (s Standing) Badge(now time.Time) Badge {
	if stop := s.Strongest(); stop != "" {
		return stop
	}
	if s.Over(now) {
		return BadgeExpired
	}
	switch s.ActivationAt(now) {
	case StatusCompleted:
		return BadgeActive
	case StatusExpired:
		return BadgeActivationExpired
	case StatusSent:
		return BadgeActivationSent
	default:
		return BadgeActivationNotSent
	}
}

// CanLogIn says whether the account may be used at this moment.
func (s Standing) CanLogIn(now time.Time) bool { return s.Badge(now) == BadgeActive }
