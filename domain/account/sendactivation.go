package account

import (
	"time"

	"sleutelbos/domain"
)

// SendActivation sends the means to choose a first password: a link, and for the channel
// with a letter also a code. The activation that was sent before loses its force.
type SendActivation struct {
	CredentialID     string
	CodeCredentialID string // with a letter only
	LetterID         string // with a letter only
	ExpiresAt        time.Time
	Now              time.Time
}

func (c SendActivation) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if err := c.valid(s); err != nil {
		return nil, err
	}
	switch {
	case s.Closed:
		return nil, ErrClosed
	case s.Activated && s.Channel.linked() && s.Role != RoleService:
		return nil, ErrAlreadyActivated
	case !s.Channel.linked() || s.Role == RoleService:
		return nil, ErrActivationNotApplicable
	case s.Activation.CredentialID == c.CredentialID:
		return nil, nil // this one was sent already; nothing happened
	}
	sent := ActivationSent{
		Channel: s.Channel, CredentialID: c.CredentialID, CodeCredentialID: c.CodeCredentialID, LetterID: c.LetterID,
		Attempt: s.Activation.Attempt + 1, ExpiresAt: domain.Instant(c.ExpiresAt),
	}
	superseded := s.supersede(c.Now)
	if len(superseded) == 0 {
		sent.OldExpiresAt = s.Activation.ExpiresAt
	}
	return append(superseded, sent), nil
}

func (c SendActivation) valid(s State) error {
	if err := domain.Identifier("credential_id", c.CredentialID); err != nil {
		return err
	}
	if s.Channel == ChannelMailAndLetter {
		if err := domain.First(domain.Identifier("code_credential_id", c.CodeCredentialID), domain.Identifier("letter_id", c.LetterID)); err != nil {
			return err
		}
	}
	if !c.ExpiresAt.After(c.Now) {
		return ErrExpiryPast
	}
	return nil
}

// supersede returns the event that takes the last activation's force, or none if it has
// none left.
func (s State) supersede(now time.Time) []Event {
	a := s.Activation
	if a.CredentialID == "" || a.Expired || s.Activated || !now.Before(a.ExpiresAt) {
		return nil
	}
	return []Event{ActivationSuperseded{CredentialID: a.CredentialID, CodeCredentialID: a.CodeCredentialID, OldExpiresAt: a.ExpiresAt}}
}

// ActivationSent says that the means to choose a first password were sent.
type ActivationSent struct {
	Channel          Channel   `json:"channel"`
	CredentialID     string    `json:"credential_id"`
	CodeCredentialID string    `json:"code_credential_id,omitempty"`
	LetterID         string    `json:"letter_id,omitempty"`
	Attempt          int       `json:"attempt"`                 // 1, 2, …
	ExpiresAt        time.Time `json:"expires_at"`              // no longer valid from then on
	OldExpiresAt     time.Time `json:"old_expires_at,omitzero"` // of one that had run out; ActivationSuperseded tells that of one which still counted
}

func (e ActivationSent) evolve(s State) State {
	s.Activation = Activation{
		CredentialID: e.CredentialID, CodeCredentialID: e.CodeCredentialID, LetterID: e.LetterID,
		Attempt: e.Attempt, ExpiresAt: e.ExpiresAt, TriesLeft: CodeTries,
	}
	return s
}

// ActivationSuperseded says that an activation lost its force before its time.
type ActivationSuperseded struct {
	CredentialID     string    `json:"credential_id"`
	CodeCredentialID string    `json:"code_credential_id,omitempty"`
	OldExpiresAt     time.Time `json:"old_expires_at,omitzero"` // when it would have run out
}

func (ActivationSuperseded) evolve(s State) State {
	s.Activation = Activation{Attempt: s.Activation.Attempt}
	return s
}
