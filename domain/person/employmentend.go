package person

import (
	"slices"

	"sleutelbos/domain"
)

// EndEmployment gives an employment a last day, or another one than it had. Without a first day it
// means the last employment.
type EndEmployment struct {
	From, Until string
	Reason      string // optional
}

func (c EndEmployment) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.OptionalReason(c.Reason)); err != nil {
		return nil, err
	}
	was, err := s.employment(c.From)
	if err != nil {
		return nil, err
	}
	wanted := Employment{From: was.From, Until: c.Until}
	if err := wanted.valid(); err != nil {
		return nil, err
	}
	if c.Until == "" {
		return nil, ErrUntilInvalid
	}
	if wanted == was {
		return nil, nil // it is so already; nothing happened
	}
	if slices.ContainsFunc(Unemployed(s.Employments, was.From), wanted.overlaps) {
		return nil, ErrEmployed
	}
	return []Event{EmploymentEnded{From: was.From, Until: c.Until, OldUntil: was.Until, Reason: c.Reason}}, nil
}

// EmploymentEnded says that the employment which began on a day has a last day.
type EmploymentEnded struct {
	From     string `json:"from"`
	Until    string `json:"until"`
	OldUntil string `json:"old_until,omitempty"`
	Reason   string `json:"reason,omitempty" personal:"yes"`
}

func (e EmploymentEnded) evolve(s State) State {
	s.Employments = Lasting(s.Employments, e.From, e.Until)
	return s
}

// ContinueEmployment takes the last day of the last employment away.
type ContinueEmployment struct{}

func (ContinueEmployment) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	last, err := s.employment("")
	if err != nil || last.Until == "" {
		return nil, err
	}
	return []Event{EmploymentContinued{From: last.From, OldUntil: last.Until}}, nil
}

// EmploymentContinued says that the employment which began on a day has no last day any more.
type EmploymentContinued struct {
	From     string `json:"from"`
	OldUntil string `json:"old_until"`
}

func (e EmploymentContinued) evolve(s State) State {
	s.Employments = Lasting(s.Employments, e.From, "")
	return s
}

// WithdrawEmployment takes an employment back that was recorded by mistake. That it was recorded
// stays in the history.
type WithdrawEmployment struct {
	From   string
	Reason string
}

func (c WithdrawEmployment) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Reason(c.Reason)); err != nil {
		return nil, err
	}
	if !isDay(c.From) {
		return nil, ErrFromInvalid
	}
	was, err := s.employment(c.From)
	if err != nil {
		return nil, err
	}
	return []Event{EmploymentWithdrawn{OldFrom: was.From, OldUntil: was.Until, Reason: c.Reason}}, nil
}

// EmploymentWithdrawn says that an employment had been recorded by mistake.
type EmploymentWithdrawn struct {
	OldFrom  string `json:"old_from"`
	OldUntil string `json:"old_until,omitempty"`
	Reason   string `json:"reason" personal:"yes"`
}

func (e EmploymentWithdrawn) evolve(s State) State {
	s.Employments = Unemployed(s.Employments, e.OldFrom)
	return s
}
