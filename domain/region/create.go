package region

import "sleutelbos/domain"

// Create gives an organization a region. The caller has claimed its name.
type Create struct {
	OrganizationID string
	Name           string
	Reservation    string // the stream of the claim
}

func (c Create) decide(s State) ([]Event, error) {
	if err := domain.First(
		domain.Identifier("organization_id", c.OrganizationID),
		domain.RequiredText("name", c.Name, domain.MaxName),
		domain.Identifier("reservation", c.Reservation)); err != nil {
		return nil, err
	}
	if s.Exists {
		if s.OrganizationID == c.OrganizationID && s.Name == c.Name {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	return []Event{Created(c)}, nil
}

// Created says that an organization got a region.
type Created struct {
	OrganizationID string `json:"organization_id"`
	Name           string `json:"name"`
	Reservation    string `json:"reservation"`
}

func (e Created) evolve(s State) State {
	s.Exists, s.OrganizationID, s.Name, s.Reservation = true, e.OrganizationID, e.Name, e.Reservation
	return s
}
