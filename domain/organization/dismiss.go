package organization

import "sleutelbos/domain"

// Dismiss takes the administration of the organization from an account. The last
// administrator cannot be dismissed.
type Dismiss struct {
	AccountID string
	CanLogIn  []string // the administrators, by account id, who are activated and can log in
}

func (c Dismiss) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("account_id", c.AccountID)); err != nil {
		return nil, err
	}
	if _, appointed := s.Admins[c.AccountID]; !appointed {
		return nil, nil // it is so already; nothing happened
	}
	if err := s.mayLeave(c.AccountID, c.CanLogIn); err != nil {
		return nil, err
	}
	return []Event{AdminDismissed{AccountID: c.AccountID}}, nil
}

// AdminDismissed says that an account is no longer an administrator.
type AdminDismissed struct {
	AccountID string `json:"account_id"`
}

func (e AdminDismissed) evolve(s State) State {
	s.Admins = without(s.Admins, e.AccountID)
	return s
}
