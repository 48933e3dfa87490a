package account

import "time"

// ExpireActivation records that an activation was not used in time. The clock sends it. If
// nothing is due nothing happens. The account stays, and can get another activation.
type ExpireActivation struct {
	Now time.Time
}

func (c ExpireActivation) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	a := s.Activation
	if s.Closed || s.Activated || a.CredentialID == "" || a.Expired || c.Now.Before(a.ExpiresAt) {
		return nil, nil // nothing is due
	}
	return []Event{ActivationExpired{CredentialID: a.CredentialID, ExpiredAt: a.ExpiresAt}}, nil
}

// ActivationExpired says that an activation was not used in time.
type ActivationExpired struct {
	CredentialID string    `json:"credential_id"`
	ExpiredAt    time.Time `json:"expired_at"` // from when on it was of no use
}

func (ActivationExpired) evolve(s State) State {
	s.Activation.Expired = true
	return s
}
