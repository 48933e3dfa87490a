package region

// Archive takes the region out of use, for good. Whom it was assigned to stays known.
type Archive struct{}

func (Archive) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.Archived:
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Archived{Reservation: s.Reservation}}, nil
}

// Archived says that the region is out of use, and its name free for another.
type Archived struct {
	Reservation string `json:"reservation"`
}

func (Archived) evolve(s State) State {
	s.Archived = true
	return s
}
