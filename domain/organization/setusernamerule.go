package organization

import "sleutelbos/domain"

// SetUsernameRule changes what the next usernames may be.
type SetUsernameRule struct {
	UsernameRule UsernameRule
}

func (c SetUsernameRule) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), c.UsernameRule.valid()); err != nil {
		return nil, err
	}
	if s.Policies.UsernameRule == c.UsernameRule {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{UsernameRuleChanged{UsernameRule: c.UsernameRule, OldUsernameRule: s.Policies.UsernameRule}}, nil
}

// UsernameRuleChanged says what usernames may be.
type UsernameRuleChanged struct {
	UsernameRule    UsernameRule `json:"username_rule"`
	OldUsernameRule UsernameRule `json:"old_username_rule"`
}

func (e UsernameRuleChanged) evolve(s State) State {
	s.Policies.UsernameRule = e.UsernameRule
	return s
}
