package reservation

import "sleutelbos/domain"

// Claim gives the reservation to a holder. After a release it can be claimed again. A holder who
// claims it once more is about to use it anew: that is an event of its own, so that a release
// which somebody began before finds that the reservation has moved on.
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
	case "", c.Holder:
		return []Event{Claimed(c)}, nil
	}
	return nil, c.Kind.taken()
}

// Claimed says who holds the reservation.
type Claimed struct {
	Holder string `json:"holder"`
	Kind   Kind   `json:"kind"`
}

func (e Claimed) evolve(s State) State {
	s.Renewed = s.Holder == e.Holder
	s.Holder, s.Kind = e.Holder, e.Kind
	return s
}
