package session

import (
	"slices"

	"sleutelbos/domain"
)

// Method is how the holder signed in.
type Method string

// MethodPassword is signing in with a password.
const MethodPassword Method = "password"

// Methods returns every method.
func Methods() []Method { return []Method{MethodPassword} }

// Values implements domain.Enumeration.
func (Method) Values() []string { return domain.Values(Methods()) }

// Start records that an account signed in.
type Start struct {
	AccountID string
	Method    Method
}

func (c Start) decide(s State) ([]Event, error) {
	if err := domain.Identifier("account_id", c.AccountID); err != nil {
		return nil, err
	}
	if !slices.Contains(Methods(), c.Method) {
		return nil, ErrMethodUnknown
	}
	if s.Exists {
		if s.AccountID == c.AccountID && !s.Ended {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	return []Event{Started(c)}, nil
}

// Started says that an account signed in.
type Started struct {
	AccountID string `json:"account_id"`
	Method    Method `json:"method"`
}

func (e Started) evolve(s State) State {
	s.Exists, s.AccountID = true, e.AccountID
	return s
}
