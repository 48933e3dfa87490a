package organization

import "sleutelbos/domain"

// Restore puts an administrator back into service when nothing stops the account any
// longer. For an account that is no administrator nothing happens.
type Restore struct {
	AccountID string
}

func (c Restore) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("account_id", c.AccountID)); err != nil {
		return nil, err
	}
	because, appointed := s.Admins[c.AccountID]
	if !appointed || because == "" {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{AdminRestored{AccountID: c.AccountID, OldBecause: because}}, nil
}

// AdminRestored says that an administrator is back in service.
type AdminRestored struct {
	AccountID  string  `json:"account_id"`
	OldBecause Because `json:"old_because,omitempty"` // why the administrator stood down
}

func (e AdminRestored) evolve(s State) State {
	s.Admins = with(s.Admins, e.AccountID, Because(""))
	return s
}
