package account

import "sleutelbos/domain"

// RevokeAPIKey takes a key from a program, for good.
type RevokeAPIKey struct {
	KeyID string
}

func (c RevokeAPIKey) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("key_id", c.KeyID), s.open()); err != nil {
		return nil, err
	}
	usable, known := s.APIKeys[c.KeyID]
	if !known {
		return nil, ErrKeyNotFound
	}
	if !usable {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{APIKeyRevoked{KeyID: c.KeyID}}, nil
}

// APIKeyRevoked says that a key lost its force.
type APIKeyRevoked struct {
	KeyID string `json:"key_id"`
}

func (e APIKeyRevoked) evolve(s State) State {
	s.APIKeys = withKey(s.APIKeys, e.KeyID, false)
	return s
}
