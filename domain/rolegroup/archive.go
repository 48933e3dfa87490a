package rolegroup

// Archive takes the role group out of use, for good. Nobody may have it any more; the caller has
// counted.
type Archive struct {
	Members int // how many accounts have the group
}

func (c Archive) decide(s State) ([]Event, error) {
	switch {
	case !s.Exists:
		return nil, ErrNotFound
	case s.Archived:
		return nil, nil // it is so already; nothing happened
	case c.Members > 0:
		return nil, ErrHasMembers
	}
	return []Event{Archived{Reservation: s.Reservation}}, nil
}

// Archived says that the role group is out of use, and its name free for another.
type Archived struct {
	Reservation string `json:"reservation"`
}

func (Archived) evolve(s State) State {
	s.Archived = true
	return s
}
