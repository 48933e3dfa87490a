package account

import "sleutelbos/domain"

// Disable switches an account off, for a temporary or lasting absence.
type Disable struct {
	Reason string
}

func (c Disable) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Reason(c.Reason), s.open()); err != nil {
		return nil, err
	}
	if s.Disabled {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Disabled{Reason: c.Reason}}, nil
}

// Disabled says that an account was switched off.
type Disabled struct {
	Reason string `json:"reason" personal:"yes"`
}

func (Disabled) evolve(s State) State {
	s.Disabled = true
	return s
}

func (Disabled) stops() {}

// Enable switches an account on again. Whatever else keeps the account from being used stays.
type Enable struct {
	Reason string // optional
}

func (c Enable) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.OptionalReason(c.Reason), s.open()); err != nil {
		return nil, err
	}
	if !s.Disabled {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Enabled{Reason: c.Reason}}, nil
}

// Enabled says that an account was switched on again.
type Enabled struct {
	Reason string `json:"reason,omitempty" personal:"yes"`
}

func (Enabled) evolve(s State) State {
	s.Disabled = false
	return s
}
