package licenserequest

import "sleutelbos/domain"

// Reject decides that the account does not get the license. The requester sees the
// reason, and not who gave it.
type Reject struct {
	Reason string // optional
}

func (c Reject) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.OptionalReason(c.Reason), s.undecided()); err != nil {
		return nil, err
	}
	return []Event{Rejected{AccountID: s.AccountID, OrganizationID: s.OrganizationID, LicenseID: s.LicenseID, Reason: c.Reason}}, nil
}

// Rejected says that a request was rejected.
type Rejected struct {
	AccountID      string `json:"account_id"`
	OrganizationID string `json:"organization_id"`
	LicenseID      string `json:"license_id"`
	Reason         string `json:"reason,omitempty" personal:"yes"`
}

func (Rejected) evolve(s State) State {
	s.Decided = true
	return s
}
