package account

import (
	"time"

	"sleutelbos/domain/mailaddress"
)

// CanLogIn says whether the account may be used at this moment.
func (s State) CanLogIn(now time.Time) bool { return s.LoginRefusal(now) == nil }

// LoginRefusal answers the strongest reason why the account may not be used at this
// moment, nil if it may: closed, blocked, disabled, expired, then not activated. The end
// date is judged here, so a late clock lets nobody in.
func (s State) LoginRefusal(now time.Time) error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.Closed:
		return ErrClosed
	case s.Blocked:
		return ErrBlocked
	case s.Disabled:
		return ErrDisabled
	case s.Over(now):
		return ErrExpired
	case s.Activated:
		return nil
	case s.Activation.Attempt == 0:
		return ErrActivationNotSent
	case s.Activation.CredentialID != "" && !now.Before(s.Activation.ExpiresAt):
		return ErrActivationExpired
	default:
		return ErrActivationPending
	}
}

// Over says whether the end date has passed: so from exactly EndsAt on.
func (s State) Over(now time.Time) bool { return !s.EndsAt.IsZero() && !now.Before(s.EndsAt) }

// InService says whether an administrator counts as one who stays: enabled, not blocked,
// not closed, and without an end date.
func (s State) InService() bool {
	return s.Exists && !s.Blocked && !s.Disabled && !s.Closed && s.EndsAt.IsZero()
}

// Address is where mail to the holder goes: the username if it is a mail address, else
// the mail address beside it; empty if there is neither.
func (s State) Address() string { return address(s.Username, s.Email) }

func address(username, email string) string {
	if mailaddress.Valid(username) {
		return username
	}
	return email
}
