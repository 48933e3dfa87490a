package licenserequest

import "sleutelbos/domain"

// Request asks for a license. The caller has claimed that no other request for it is open.
type Request struct {
	AccountID      string
	OrganizationID string
	LicenseID      string
	Standard       string // for whose sake the license is asked for; empty for the license as such
	Reason         string // optional
	Reservation    string // the stream of the claim
}

func (c Request) decide(s State) ([]Event, error) {
	if err := domain.First(
		domain.Identifier("account_id", c.AccountID),
		domain.Identifier("organization_id", c.OrganizationID),
		domain.Identifier("license_id", c.LicenseID),
		domain.Text("standard", c.Standard, domain.MaxName),
		domain.OptionalReason(c.Reason),
		domain.Identifier("reservation", c.Reservation)); err != nil {
		return nil, err
	}
	if s.Exists {
		if s.AccountID == c.AccountID && s.LicenseID == c.LicenseID && s.Standard == c.Standard {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	return []Event{Requested(c)}, nil
}

// Requested says that an account asked for a license, or for a standard in it (N-23).
type Requested struct {
	AccountID      string `json:"account_id"`
	OrganizationID string `json:"organization_id"`
	LicenseID      string `json:"license_id"`
	Standard       string `json:"standard,omitempty"`
	Reason         string `json:"reason,omitempty" personal:"yes"`
	Reservation    string `json:"reservation"`
}

func (e Requested) evolve(s State) State {
	s.Exists, s.AccountID, s.OrganizationID = true, e.AccountID, e.OrganizationID
	s.LicenseID, s.Standard, s.Reservation = e.LicenseID, e.Standard, e.Reservation
	return s
}
