package region

import "sleutelbos/domain"

// Remove takes an account out of the region.
type Remove struct {
	AccountID string
}

func (c Remove) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if err := domain.Identifier("account_id", c.AccountID); err != nil {
		return nil, err
	}
	if !s.Users.Has(c.AccountID) {
		return nil, nil // it is so already; nothing happened
	}
	if err := s.InUse(); err != nil {
		return nil, err
	}
	return []Event{UserRemoved{AccountID: c.AccountID, OldRegion: s.Name}}, nil
}

// UserRemoved says that an account was taken out of the region, which had that name then.
type UserRemoved struct {
	AccountID string `json:"account_id"`
	OldRegion string `json:"old_region"`
}

func (e UserRemoved) evolve(s State) State {
	s.Users = s.Users.Without(e.AccountID)
	return s
}
