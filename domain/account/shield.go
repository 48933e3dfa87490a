package account

import "sleutelbos/domain"

// Shield marks the holder as an internal employee, whose data not everyone may see. Who
// may is not the account's to know.
type Shield struct {
	Reason string
}

func (c Shield) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Reason(c.Reason), s.open()); err != nil {
		return nil, err
	}
	if s.Shielded {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Shielded{Reason: c.Reason}}, nil
}

// Shielded says that the holder is an internal employee.
type Shielded struct {
	Reason string `json:"reason" personal:"yes"`
}

func (Shielded) evolve(s State) State {
	s.Shielded = true
	return s
}

// Unshield ends that.
type Unshield struct {
	Reason string // optional
}

func (c Unshield) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.OptionalReason(c.Reason), s.open()); err != nil {
		return nil, err
	}
	if !s.Shielded {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Unshielded{Reason: c.Reason}}, nil
}

// Unshielded says that the holder is no internal employee, or none any more.
type Unshielded struct {
	Reason string `json:"reason,omitempty" personal:"yes"`
}

func (Unshielded) evolve(s State) State {
	s.Shielded = false
	return s
}
