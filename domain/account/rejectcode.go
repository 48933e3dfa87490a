package account

import (
	"time"

	"sleutelbos/domain"
)

// RejectCode counts a wrong code that came with a right link. After CodeTries of them the
// code has no force. The account stays, and can get another activation.
type RejectCode struct {
	CredentialID string // of the link that was presented
	Now          time.Time
}

func (c RejectCode) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if err := domain.Identifier("credential_id", c.CredentialID); err != nil {
		return nil, err
	}
	if err := s.MayActivate(c.CredentialID, c.Now); err != nil {
		return nil, err
	}
	if s.Channel != ChannelMailAndLetter {
		return nil, ErrActivationNotApplicable
	}
	return []Event{ActivationCodeRejected{TriesLeft: s.Activation.TriesLeft - 1, OldTriesLeft: s.Activation.TriesLeft}}, nil
}

// ActivationCodeRejected says that a wrong code was tried.
type ActivationCodeRejected struct {
	TriesLeft    int `json:"tries_left"` // 0 makes the code void
	OldTriesLeft int `json:"old_tries_left,omitzero"`
}

func (e ActivationCodeRejected) evolve(s State) State {
	s.Activation.TriesLeft = e.TriesLeft
	return s
}
