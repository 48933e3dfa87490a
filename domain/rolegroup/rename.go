package rolegroup

import "sleutelbos/domain"

// Rename gives the role group another name. The caller has claimed it.
type Rename struct {
	Name        string
	Reservation string // the stream of the claim
}

func (c Rename) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if err := domain.First(
		domain.RequiredText("name", c.Name, domain.MaxName),
		domain.Identifier("reservation", c.Reservation), s.InUse()); err != nil {
		return nil, err
	}
	if s.Name == c.Name {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Renamed{Name: c.Name, OldName: s.Name, Reservation: c.Reservation, OldReservation: s.Reservation}}, nil
}

// Renamed says that the role group got another name.
type Renamed struct {
	Name           string `json:"name"`
	OldName        string `json:"old_name"`
	Reservation    string `json:"reservation"`
	OldReservation string `json:"old_reservation"`
}

func (e Renamed) evolve(s State) State {
	s.Name, s.Reservation = e.Name, e.Reservation
	return s
}
