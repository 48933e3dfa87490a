package account

import "sleutelbos/domain"

// Block stops an account from being used until it is unblocked.
type Block struct {
	Reason string
}

func (c Block) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Reason(c.Reason), s.open()); err != nil {
		return nil, err
	}
	if s.Blocked {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Blocked{Reason: c.Reason}}, nil
}

// Blocked says that an account was stopped.
type Blocked struct {
	Reason string `json:"reason" personal:"yes"`
}

func (Blocked) evolve(s State) State {
	s.Blocked = true
	return s
}

func (Blocked) stops() {}

// Unblock ends a block. Whatever else keeps the account from being used stays.
type Unblock struct {
	Reason string // optional
}

func (c Unblock) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.OptionalReason(c.Reason), s.open()); err != nil {
		return nil, err
	}
	if !s.Blocked {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{Unblocked{Reason: c.Reason}}, nil
}

// Unblocked says that a block ended.
type Unblocked struct {
	Reason string `json:"reason,omitempty" personal:"yes"`
}

func (Unblocked) evolve(s State) State {
	s.Blocked = false
	return s
}
