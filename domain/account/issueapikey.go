package account

import (
	"maps"

	"sleutelbos/domain"
)

// IssueAPIKey gives a program a key to sign in with. The key itself is in the vault; here it
// has only an id.
type IssueAPIKey struct {
	KeyID  string
	Name   string // what it is for; not the name of a person
	Prefix string // the part by which a key is found, no secret
}

func (c IssueAPIKey) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(),
		domain.Identifier("key_id", c.KeyID),
		domain.RequiredText("name", c.Name, domain.MaxName),
		domain.Identifier("prefix", c.Prefix),
		s.open()); err != nil {
		return nil, err
	}
	if s.Role != RoleService && s.Role != RolePlatform {
		return nil, ErrKeyNotApplicable
	}
	switch key, known := s.APIKeys[c.KeyID]; {
	case known && !key.Revoked:
		return nil, nil // it is so already; nothing happened
	case known:
		return nil, ErrKeyExists
	}
	return []Event{APIKeyIssued{KeyID: c.KeyID, Name: c.Name, Prefix: c.Prefix}}, nil
}

// APIKeyIssued says that a program got a key.
type APIKeyIssued struct {
	KeyID  string `json:"key_id"`
	Name   string `json:"name"`
	Prefix string `json:"prefix"`
}

func (e APIKeyIssued) evolve(s State) State {
	s.APIKeys = withKey(s.APIKeys, e.KeyID, apiKey{Name: e.Name, Prefix: e.Prefix})
	return s
}

// apiKey is a key that a program got.
type apiKey struct {
	Name, Prefix string
	Revoked      bool
}

func withKey(keys map[string]apiKey, id string, key apiKey) map[string]apiKey {
	next := maps.Clone(keys)
	if next == nil {
		next = map[string]apiKey{}
	}
	next[id] = key
	return next
}
