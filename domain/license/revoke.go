package license

import (
	"slices"

	"sleutelbos/domain"
)

// Because says why an account no longer has a license.
type Because string

// The reasons.
const (
	BecauseTakenBack Because = "taken_back" // by an administrator, who says why
	BecauseClosed    Because = "account_closed"
)

// Reasons returns every reason.
func Reasons() []Because { return []Because{BecauseTakenBack, BecauseClosed} }

// Values implements domain.Enumeration.
func (Because) Values() []string { return domain.Values(Reasons()) }

// Revoke takes the license from an account.
type Revoke struct {
	AccountID string
	Because   Because
	Reason    string // needed where somebody takes it back
}

func (c Revoke) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if err := domain.First(domain.Identifier("account_id", c.AccountID), c.validReason()); err != nil {
		return nil, err
	}
	if !s.Holders.Has(c.AccountID) {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Revoked{AccountID: c.AccountID, OrganizationID: s.OrganizationID, Because: c.Because, Reason: c.Reason}}, nil
}

func (c Revoke) validReason() error {
	switch {
	case !slices.Contains(Reasons(), c.Because):
		return ErrBecauseUnknown
	case c.Because == BecauseTakenBack:
		return domain.Reason(c.Reason)
	}
	return domain.OptionalReason(c.Reason)
}

// Revoked says that an account no longer has the license.
type Revoked struct {
	AccountID      string  `json:"account_id"`
	OrganizationID string  `json:"organization_id"`
	Because        Because `json:"because"`
	Reason         string  `json:"reason,omitempty" personal:"yes"`
}

func (e Revoked) evolve(s State) State {
	s.Holders, s.RevokedSince = s.Holders.Without(e.AccountID), s.RevokedSince.With(e.AccountID)
	return s
}
