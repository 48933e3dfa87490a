package account

import (
	"time"

	"sleutelbos/domain"
)

// Activate gives an account its first password, chosen by the holder. The caller has
// compared the secrets; the rules here say whether they still count.
type Activate struct {
	CredentialID         string // of the link that was presented
	CodeOK               bool   // the code from the letter was right
	PasswordCredentialID string // of the password that was chosen
	Now                  time.Time
}

func (c Activate) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if err := domain.First(
		domain.Identifier("credential_id", c.CredentialID),
		domain.Identifier("password_credential_id", c.PasswordCredentialID)); err != nil {
		return nil, err
	}
	if err := s.MayActivate(c.CredentialID, c.Now); err != nil {
		return nil, err
	}
	if s.Channel == ChannelMailAndLetter && !c.CodeOK {
		return nil, ErrCodeWrong
	}
	return []Event{PasswordChosen{CredentialID: c.PasswordCredentialID}, Activated{}}, nil
}

// MayActivate refuses an activation whose link has no force now, so that the page can say
// so before a password is typed.
func (s State) MayActivate(credentialID string, now time.Time) error {
	switch {
	case !s.Exists:
		return ErrNotFound
	case s.Closed:
		return ErrClosed
	case s.Activated:
		return ErrAlreadyActivated
	case s.refusal() != nil:
		return s.refusal()
	case s.Over(now):
		return ErrExpired
	case s.Activation.CredentialID != credentialID:
		return ErrActivationSuperseded
	case !now.Before(s.Activation.ExpiresAt):
		return ErrActivationExpired
	case s.Channel == ChannelMailAndLetter && s.Activation.TriesLeft == 0:
		return ErrCodeVoid
	}
	return nil
}

// PasswordChosen says that the holder chose the first password.
type PasswordChosen struct {
	CredentialID string `json:"credential_id"`
}

func (e PasswordChosen) evolve(s State) State {
	s.PasswordID = e.CredentialID
	return s
}

// Activated says that the account is ready for use.
type Activated struct{}

func (Activated) evolve(s State) State {
	s.Activated = true
	return s
}
