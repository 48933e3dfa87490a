package license

import (
	"slices"

	"sleutelbos/domain"
)

// Origin says how an account came to a license.
type Origin string

// The origins.
const (
	OriginRequest     Origin = "request"
	OriginAdmin       Origin = "admin"
	OriginCompanyWide Origin = "company_wide"
	OriginConverted   Origin = "converted_from_company_wide" // the account kept what everybody had (AMB-N6)
)

// Origins returns every origin.
func Origins() []Origin {
	return []Origin{OriginRequest, OriginAdmin, OriginCompanyWide, OriginConverted}
}

// Values implements domain.Enumeration.
func (Origin) Values() []string { return domain.Values(Origins()) }

// Grant gives the license to an account.
type Grant struct {
	AccountID      string
	OrganizationID string // the account's
	Origin         Origin
	RequestID      string // for OriginRequest
}

func (c Grant) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if err := domain.First(domain.Identifier("account_id", c.AccountID), c.validOrigin()); err != nil {
		return nil, err
	}
	if s.OrganizationID != c.OrganizationID {
		return nil, ErrOtherOrganization
	}
	if s.Holders.Has(c.AccountID) {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Granted(c)}, nil
}

func (c Grant) validOrigin() error {
	if !slices.Contains(Origins(), c.Origin) {
		return ErrOriginUnknown
	}
	if c.Origin == OriginRequest {
		return domain.Identifier("request_id", c.RequestID)
	}
	return nil
}

// Granted says that an account got the license.
type Granted struct {
	AccountID      string `json:"account_id"`
	OrganizationID string `json:"organization_id"`
	Origin         Origin `json:"origin"`
	RequestID      string `json:"request_id,omitempty"`
}

func (e Granted) evolve(s State) State {
	s.Holders = s.Holders.With(e.AccountID)
	return s
}
