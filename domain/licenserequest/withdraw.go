package licenserequest

// Withdraw takes a request back before it is decided.
type Withdraw struct{}

func (Withdraw) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.Decided:
		return nil, ErrAlreadyDecided
	case s.Withdrawn:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Withdrawn{AccountID: s.AccountID, OrganizationID: s.OrganizationID, LicenseID: s.LicenseID}}, nil
}

// Withdrawn says that a request was taken back.
type Withdrawn struct {
	AccountID      string `json:"account_id"`
	OrganizationID string `json:"organization_id"`
	LicenseID      string `json:"license_id"`
}

func (Withdrawn) evolve(s State) State {
	s.Withdrawn = true
	return s
}
