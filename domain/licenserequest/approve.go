package licenserequest

import "sleutelbos/domain"

// Approve decides that the account gets the license; the grant follows.
type Approve struct{}

func (Approve) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), s.undecided()); err != nil {
		return nil, err
	}
	return []Event{Approved{AccountID: s.AccountID, OrganizationID: s.OrganizationID, LicenseID: s.LicenseID}}, nil
}

// Approved says that a request was approved.
type Approved struct {
	AccountID      string `json:"account_id"`
	OrganizationID string `json:"organization_id"`
	LicenseID      string `json:"license_id"`
}

func (Approved) evolve(s State) State {
	s.Decided = true
	return s
}
