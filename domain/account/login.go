package account

import (
	"time"

	"sleutelbos/domain/mailaddress"
)

// Standing returns what decides whether the account may be used.
func (s State) Standing() Standing {
	activation := StatusNotSent
	switch {
	case s.Activated:
		activation = StatusCompleted
	case s.Activation.CredentialID != "":
		activation = StatusSent
	}
	return Standing{
		Stops: s.Stops, EndsAt: s.EndsAt,
		Activation: activation, ActivationExpiresAt: s.Activation.ExpiresAt,
	}
}

// CanLogIn says whether the account may be used at this moment.
func (s State) CanLogIn(now time.Time) bool { return s.LoginRefusal(now) == nil }

// LoginRefusal returns the strongest reason why the account may not be used at this
// moment, nil if it may. The end date is judged here, so that nobody gets in because the
// clock's event is late.
func (s State) LoginRefusal(now time.Time) error {
	if !s.Exists {
		return ErrNotFound
	}
	if err := s.refusal(); err != nil {
		return err
	}
	switch s.Standing().Badge(now) {
	case BadgeActive:
		return nil
	case BadgeExpired:
		return ErrExpired
	case BadgeActivationExpired:
		return ErrActivationExpired
	case BadgeActivationNotSent:
		if s.Activation.Attempt == 0 {
			return ErrActivationNotSent
		}
	}
	return ErrActivationPending // one is out, or was superseded and another will follow
}

// Over says whether the end date has passed.
func (s State) Over(now time.Time) bool { return s.Standing().Over(now) }

// InService says whether an administrator counts as one who stays: not stopped, and without an
// end date.
func (s State) InService() bool {
	return s.Exists && s.Stops == (Stops{}) && s.EndsAt.IsZero()
}

// Address returns where mail to the holder goes: the username if it is a mail address,
// else the mail address beside it; empty if there is neither.
func (s State) Address() string { return address(s.Username, s.Email) }

func address(username, email string) string {
	if mailaddress.Valid(username) {
		return username
	}
	return email
}
