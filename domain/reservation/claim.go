package reservation

import "sleutelbos/domain"

// Claim gives the reservation to a holder. After a release it can be claimed again.
type Claim struct {
	Holder string // an id
	Kind   Kind
}

func (c Claim) decide(s State) ([]Event, error) {
	if err := domain.Identifier("holder", c.Holder); err != nil {
		return nil, err
	}
	if c.Kind.taken() == ErrKindUnknown {
		return nil, ErrKindUnknown
	}
	switch s.Holder {
	case "":
		return []Event{Claimed(c)}, nil
	case c.Holder:
		return nil, nil // it is so already; nothing happened
	}
	return nil, c.Kind.taken()
}

// Claimed says who holds the reservation.
type Claimed struct {
	Holder string `json:"holder"`
	Kind   Kind   `json:"kind"`
}

func (e Claimed) evolve(s State) State {
	s.Holder, s.Kind = e.Holder, e.Kind
	return s
}
