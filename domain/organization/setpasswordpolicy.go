package organization

import "sleutelbos/domain"

// SetPasswordPolicy changes what passwords must have from now on.
type SetPasswordPolicy struct {
	Password PasswordPolicy
}

func (c SetPasswordPolicy) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), validPassword(c.Password)); err != nil {
		return nil, err
	}
	if s.Policies.Password == c.Password {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{PasswordPolicyChanged{Password: c.Password, OldPassword: s.Policies.Password}}, nil
}

// PasswordPolicyChanged says what passwords must have.
type PasswordPolicyChanged struct {
	Password    PasswordPolicy `json:"password"`
	OldPassword PasswordPolicy `json:"old_password"`
}

func (e PasswordPolicyChanged) evolve(s State) State {
	s.Policies.Password = e.Password
	return s
}
