package person

import "sleutelbos/domain"

// Shield keeps what is known of the person, beside the name, to those few who may see it. The
// person can still be linked to other things. Who may see it is not the person's to know.
type Shield struct {
	Reason string
}

func (c Shield) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Reason(c.Reason)); err != nil {
		return nil, err
	}
	if s.Shielded {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Shielded{Reason: c.Reason}}, nil
}

// Shielded says that the person is shielded.
type Shielded struct {
	Reason string `json:"reason" personal:"yes"`
}

func (Shielded) evolve(s State) State { s.Shielded = true; return s }

// Unshield ends that.
type Unshield struct {
	Reason string // optional
}

func (c Unshield) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.OptionalReason(c.Reason)); err != nil {
		return nil, err
	}
	if !s.Shielded {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Unshielded{Reason: c.Reason}}, nil
}

// Unshielded says that the person is not shielded any more.
type Unshielded struct {
	Reason string `json:"reason,omitempty" personal:"yes"`
}

func (Unshielded) evolve(s State) State { s.Shielded = false; return s }
