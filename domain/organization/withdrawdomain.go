package organization

import "sleutelbos/domain"

// WithdrawDomain takes a mail domain away. Accounts in it stay.
type WithdrawDomain struct {
	Domain string
}

func (c WithdrawDomain) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.RequiredText("domain", c.Domain, 253)); err != nil {
		return nil, err
	}
	reservation, allowed := s.Domains[c.Domain]
	if !allowed {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{DomainWithdrawn{Domain: c.Domain, Reservation: reservation}}, nil
}

// DomainWithdrawn says that a mail domain is no longer the organization's.
type DomainWithdrawn struct {
	Domain      string `json:"domain"`
	Reservation string `json:"reservation"`
}

func (e DomainWithdrawn) evolve(s State) State {
	s.Domains = without(s.Domains, e.Domain)
	return s
}
