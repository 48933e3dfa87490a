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
	key, known := s.APIKeys[c.KeyID]
	if !known {
		return nil, ErrKeyNotFound
	}
	if key.Revoked {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{APIKeyRevoked{KeyID: c.KeyID, OldKeyName: key.Name, OldPrefix: key.Prefix}}, nil
}

// APIKeyRevoked says that a key lost its force.
type APIKeyRevoked struct {
	KeyID      string `json:"key_id"`
	OldKeyName string `json:"old_name,omitempty"` // what it was for
	OldPrefix  string `json:"old_prefix,omitempty"`
}

func (e APIKeyRevoked) evolve(s State) State {
	key := s.APIKeys[e.KeyID]
	key.Revoked = true
	s.APIKeys = withKey(s.APIKeys, e.KeyID, key)
	return s
}
