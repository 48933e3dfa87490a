package organization

import (
	"slices"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
)

// Because says why an administrator stands down.
type Because string

// BecauseEndDate is the reason beside the stops of an account, see BecauseStopped.
const BecauseEndDate Because = "end_date"

// BecauseStopped returns the reason of an account that is stopped.
func BecauseStopped(stop account.Badge) Because { return Because(stop) }

// Reasons returns every reason.
func Reasons() []Because {
	var reasons []Because
	for _, stop := range account.StopBadges() {
		reasons = append(reasons, BecauseStopped(stop))
	}
	return append(reasons, BecauseEndDate)
}

// Values implements domain.Enumeration.
func (Because) Values() []string { return domain.Values(Reasons()) }

// StandDown takes an administrator out of service. It comes before the account is blocked,
// disabled, closed or given an end date. The last administrator cannot stand down. For an
// account that is no administrator nothing happens.
type StandDown struct {
	AccountID string
	Because   Because
	CanLogIn  []string // the administrators, by account id, who are activated and can log in
}

func (c StandDown) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("account_id", c.AccountID)); err != nil {
		return nil, err
	}
	if !slices.Contains(Reasons(), c.Because) {
		return nil, ErrBecauseUnknown
	}
	if !s.InService(c.AccountID) {
		return nil, nil // it is so already; nothing happened
	}
	if err := s.mayLeave(c.AccountID, c.CanLogIn); err != nil {
		return nil, err
	}
	return []Event{AdminStoodDown{AccountID: c.AccountID, Because: c.Because}}, nil
}

// AdminStoodDown says that an administrator is out of service.
type AdminStoodDown struct {
	AccountID string  `json:"account_id"`
	Because   Because `json:"because"`
}

func (e AdminStoodDown) evolve(s State) State {
	s.Admins = with(s.Admins, e.AccountID, e.Because)
	return s
}
