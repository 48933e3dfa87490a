package region

import "sleutelbos/domain"

// MostAtOnce is how many accounts can be assigned at once.
const MostAtOnce = 500

// Assign assigns the region to accounts, several at once (K-7). The caller has seen to it that
// they are of the region's organization.
type Assign struct {
	AccountIDs []string
}

func (c Assign) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if len(c.AccountIDs) == 0 {
		return nil, domain.InvalidCode("account_ids", "account-ids-required", "Name at least one account.")
	}
	if len(c.AccountIDs) > MostAtOnce {
		return nil, domain.InvalidCode("account_ids", "account-ids-too-many", "At most 500 accounts at once.")
	}
	for _, id := range c.AccountIDs {
		if err := domain.Identifier("account_ids", id); err != nil {
			return nil, err
		}
	}
	if err := s.InUse(); err != nil {
		return nil, err
	}
	var events []Event
	for _, id := range c.AccountIDs {
		if users := s.Users.With(id); users != s.Users { // else it is so already, or it was named twice
			s.Users = users
			events = append(events, UserAssigned{AccountID: id, Region: s.Name})
		}
	}
	return events, nil
}

// UserAssigned says that the region, by its name at that time, was assigned to an account.
type UserAssigned struct {
	AccountID string `json:"account_id"`
	Region    string `json:"region"`
}

func (e UserAssigned) evolve(s State) State {
	s.Users = s.Users.With(e.AccountID)
	return s
}
