package organization

import "sleutelbos/domain"

// SetActivationPolicy changes how long the next activations are valid.
type SetActivationPolicy struct {
	ActivationMonths int
}

func (c SetActivationPolicy) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), validMonths(c.ActivationMonths)); err != nil {
		return nil, err
	}
	if s.Policies.ActivationMonths == c.ActivationMonths {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{ActivationPolicyChanged{ActivationMonths: c.ActivationMonths, OldActivationMonths: s.Policies.ActivationMonths}}, nil
}

// ActivationPolicyChanged says how long activations are valid.
type ActivationPolicyChanged struct {
	ActivationMonths    int `json:"activation_months"`
	OldActivationMonths int `json:"old_activation_months"`
}

func (e ActivationPolicyChanged) evolve(s State) State {
	s.Policies.ActivationMonths = e.ActivationMonths
	return s
}
