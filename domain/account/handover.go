package account

import (
	"slices"

	"sleutelbos/domain"
)

// Handover is a way in which the holder gets the username and password that an administrator
// gave the account.
type Handover string

// The ways.
const (
	HandoverInPerson Handover = "in_person"
	HandoverPhone    Handover = "phone"
	HandoverLetter   Handover = "letter"
)

// Handovers returns every way.
func Handovers() []Handover { return []Handover{HandoverInPerson, HandoverPhone, HandoverLetter} }

// Values implements domain.Enumeration.
func (Handover) Values() []string { return domain.Values(Handovers()) }

// Refusals of a handover.
var (
	ErrHandoverUnknown = domain.InvalidCode("method", "method-invalid", "The methods are in_person, phone and letter.")
	ErrNothingToHand   = domain.Rule("password-not-given", "The account has no password that an administrator gave it.")
)

// HandOverCredentials records that the holder got the credentials.
type HandOverCredentials struct {
	Method Handover
}

func (c HandOverCredentials) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	if !slices.Contains(Handovers(), c.Method) {
		return nil, ErrHandoverUnknown
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	if s.PasswordID == "" || s.PasswordID != s.GivenPasswordID {
		return nil, ErrNothingToHand
	}
	if s.HandedOver == c.Method {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{CredentialsHandedOver{Method: c.Method, OldMethod: s.HandedOver}}, nil
}

// CredentialsHandedOver says how the holder got the username and password.
type CredentialsHandedOver struct {
	Method    Handover `json:"method"`
	OldMethod Handover `json:"old_method,omitempty"` // as it was recorded before, of the same password
}

func (e CredentialsHandedOver) evolve(s State) State {
	s.HandedOver = e.Method
	return s
}
