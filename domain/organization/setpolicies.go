package organization

import (
	"reflect"
	"slices"
)

// SetPolicies gives policies other values, all or none of them. What was made under the old ones
// stays as it is.
type SetPolicies struct {
	Set []Setting
}

// Setting is a value for a policy, as a text.
type Setting struct {
	Policy PolicyName
	Value  string
}

func (c SetPolicies) decide(s State) ([]Event, error) {
	if err := s.existing(); err != nil {
		return nil, err
	}
	all := s.Policies
	var events []Event
	for _, setting := range c.Set {
		p, ok := PolicyNamed(setting.Policy)
		if !ok {
			return nil, ErrPolicyUnknown
		}
		before := all
		switch {
		case !p.set(&all, setting.Value):
			return nil, p.refusal
		case p.text(before) == p.text(all):
			all = before // the same in another order is the same
		case p.event != nil:
			events = append(events, p.event(s.Policies, all))
		default:
			events = append(events, PolicyChanged{Policy: p.Name, Value: p.text(all), OldValue: p.text(before)})
		}
	}
	if err := validPassword(all.Password); err != nil {
		return nil, err
	}
	return latest(events), nil
}

// latest leaves out an event of which a later one tells all, since it tells several policies.
func latest(events []Event) []Event {
	var kept []Event
	for i, e := range events {
		_, single := e.(PolicyChanged)
		if single || !slices.ContainsFunc(events[i+1:], func(later Event) bool { return reflect.TypeOf(later) == reflect.TypeOf(e) }) {
			kept = append(kept, e)
		}
	}
	return kept
}

// validPassword refuses a policy whose parts are more than its whole.
func validPassword(p PasswordPolicy) error {
	if p.MinUpper+p.MinDigits > p.MinLength {
		return ErrPasswordPolicy
	}
	return nil
}

// PolicyChanged says that a policy has another value. A policy that has an event of its own is
// told by that one.
type PolicyChanged struct {
	Policy   PolicyName `json:"policy"`
	Value    string     `json:"value"`
	OldValue string     `json:"old_value"`
}

// On implements PolicyEvent.
func (e PolicyChanged) On(all Policies) Policies {
	if p, ok := PolicyNamed(e.Policy); ok {
		p.set(&all, e.Value)
	}
	return all
}

// Changed returns the policy with its values, as a line of the history shows them.
func (e PolicyChanged) Changed() (field, old, now string) {
	return string(e.Policy), e.OldValue, e.Value
}

func (e PolicyChanged) evolve(s State) State { return s.ruledBy(e) }
