package organization

import "sleutelbos/domain"

// Register opens an organization with the policies of a preset.
type Register struct {
	Name     string
	Preset   Preset
	TimeZone string // IANA name; empty for the preset's
	Domains  []AllowDomain
}

func (c Register) decide(s State) ([]Event, error) {
	policies, known := c.Preset.Policies()
	if err := domain.RequiredText("name", c.Name, domain.MaxName); err != nil {
		return nil, err
	}
	if !known {
		return nil, ErrPresetUnknown
	}
	if c.TimeZone != "" {
		policies.TimeZone = c.TimeZone
	}
	if err := validTimeZone(policies.TimeZone); err != nil {
		return nil, err
	}
	for i, d := range c.Domains {
		if err := d.valid(); err != nil {
			return nil, domain.In(domain.Item("domains", i), err)
		}
	}
	if s.Exists {
		return nil, c.again(s)
	}
	events := []Event{Registered{Name: c.Name, Preset: c.Preset, Policies: policies.Basic}}
	seen := map[string]bool{}
	for _, d := range c.Domains {
		if !seen[d.Domain] {
			seen[d.Domain] = true
			events = append(events, DomainAllowed(d))
		}
	}
	return events, nil
}

// again decides about an organization that exists: a retry of the same command is
// harmless, and another organization with this id is refused.
func (c Register) again(s State) error {
	if s.Name == c.Name && s.Preset == c.Preset {
		return nil
	}
	return ErrExists
}

// Registered says that an organization was opened.
type Registered struct {
	Name     string `json:"name"`
	Preset   Preset `json:"preset"`
	Policies Basic  `json:"policies"`
}

// InForce returns the policies that the organization starts with: those that the event tells, and
// the others as its preset has them. Every organization starts with licenses: earlier events tell
// what the system has that the preset follows, and took none from anybody.
func (e Registered) InForce() Policies {
	all, _ := e.Preset.Policies() // none of a preset that nobody knows
	all.Basic = e.Policies
	all.Licenses = true
	return all
}

func (e Registered) evolve(s State) State {
	s.Exists, s.Name, s.Preset, s.Policies = true, e.Name, e.Preset, e.InForce()
	return s
}
