package rolegroup

import "sleutelbos/domain"

// Create gives an organization a role group. The caller has claimed its name.
type Create struct {
	OrganizationID string
	Name           string
	Reservation    string       // the stream of the claim
	Permissions    []Permission // that it starts with
}

func (c Create) decide(s State) ([]Event, error) {
	if err := domain.First(
		domain.Identifier("organization_id", c.OrganizationID),
		domain.RequiredText("name", c.Name, domain.MaxName),
		domain.Identifier("reservation", c.Reservation)); err != nil {
		return nil, err
	}
	for _, p := range c.Permissions {
		if err := p.known(); err != nil {
			return nil, err
		}
	}
	if s.Exists {
		if s.OrganizationID == c.OrganizationID && s.Name == c.Name {
			return nil, nil // asked for twice; a retry is harmless
		}
		return nil, ErrExists
	}
	events := []Event{Created{OrganizationID: c.OrganizationID, Name: c.Name, Reservation: c.Reservation}}
	var granted domain.Set
	for _, p := range c.Permissions {
		if !granted.Has(string(p)) { // else it was named twice
			granted = granted.With(string(p))
			events = append(events, PermissionGranted{Permission: p})
		}
	}
	return events, nil
}

// Created says that an organization got a role group.
type Created struct {
	OrganizationID string `json:"organization_id"`
	Name           string `json:"name"`
	Reservation    string `json:"reservation"`
}

func (e Created) evolve(s State) State {
	s.Exists, s.OrganizationID, s.Name, s.Reservation = true, e.OrganizationID, e.Name, e.Reservation
	return s
}
