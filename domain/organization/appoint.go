package organization

import "sleutelbos/domain"

// Appoint makes an account an administrator of the organization.
type Appoint struct {
	AccountID string
}

func (c Appoint) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("account_id", c.AccountID)); err != nil {
		return nil, err
	}
	if _, appointed := s.Admins[c.AccountID]; appointed {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{AdminAppointed(c)}, nil
}

// AdminAppointed says that an account became an administrator.
type AdminAppointed struct {
	AccountID string `json:"account_id"`
}

func (e AdminAppointed) evolve(s State) State {
	s.Admins = with(s.Admins, e.AccountID, Because(""))
	return s
}
