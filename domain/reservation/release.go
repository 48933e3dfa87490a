package reservation

import "sleutelbos/domain"

// Release gives a reservation back. From one who does not hold it, nothing happens.
type Release struct {
	Holder string // an id
}

func (c Release) decide(s State) ([]Event, error) {
	if err := domain.Identifier("holder", c.Holder); err != nil {
		return nil, err
	}
	if s.Holder != c.Holder {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Released(c)}, nil
}

// Released says that the reservation is free.
type Released struct {
	Holder string `json:"holder"`
}

func (Released) evolve(s State) State {
	s.Holder = ""
	return s
}
