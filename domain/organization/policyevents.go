package organization

// PolicyEvent is an event that gives policies other values.
type PolicyEvent interface {
	Event
	// On returns policies with what the event changed.
	On(Policies) Policies
}

// PasswordPolicyChanged says what passwords must have.
type PasswordPolicyChanged struct {
	Password    PasswordPolicy `json:"password"`
	OldPassword PasswordPolicy `json:"old_password"`
}

// On implements PolicyEvent.
func (e PasswordPolicyChanged) On(all Policies) Policies {
	all.Password = e.Password
	return all
}

func (e PasswordPolicyChanged) evolve(s State) State { return s.ruledBy(e) }

// ActivationPolicyChanged says how long activations are valid.
type ActivationPolicyChanged struct {
	ActivationMonths    int `json:"activation_months"`
	OldActivationMonths int `json:"old_activation_months"`
}

// On implements PolicyEvent.
func (e ActivationPolicyChanged) On(all Policies) Policies {
	all.ActivationMonths = e.ActivationMonths
	return all
}

func (e ActivationPolicyChanged) evolve(s State) State { return s.ruledBy(e) }

// TimeZoneChanged says where the days of the organization begin and end. An end that was set
// before stays at the moment that it had.
type TimeZoneChanged struct {
	TimeZone    string `json:"time_zone"`
	OldTimeZone string `json:"old_time_zone"`
}

// On implements PolicyEvent.
func (e TimeZoneChanged) On(all Policies) Policies {
	all.TimeZone = e.TimeZone
	return all
}

func (e TimeZoneChanged) evolve(s State) State { return s.ruledBy(e) }

// UsernameRuleChanged says what usernames may be.
type UsernameRuleChanged struct {
	UsernameRule    UsernameRule `json:"username_rule"`
	OldUsernameRule UsernameRule `json:"old_username_rule"`
}

// On implements PolicyEvent.
func (e UsernameRuleChanged) On(all Policies) Policies {
	all.UsernameRule = e.UsernameRule
	return all
}

func (e UsernameRuleChanged) evolve(s State) State { return s.ruledBy(e) }

// ruledBy returns the state with what an event changed of the policies.
func (s State) ruledBy(e PolicyEvent) State {
	s.Policies = e.On(s.Policies)
	return s
}
