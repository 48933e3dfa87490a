package rolegroup

import (
	"maps"

	"sleutelbos/domain"
)

// DescribePermission says what a permission means to the organization, since its name alone tells
// little (AMB-O9). An empty description leaves the general explanation.
type DescribePermission struct {
	Permission  Permission
	Description string
}

func (c DescribePermission) decide(s State) ([]Event, error) {
	if !s.Exists {
		return nil, ErrNotFound
	}
	if err := domain.First(c.Permission.known(), domain.Lines("description", c.Description, domain.MaxDescription), s.InUse()); err != nil {
		return nil, err
	}
	if s.Descriptions[c.Permission] == c.Description {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{PermissionDescribed{Permission: c.Permission, Description: c.Description, OldDescription: s.Descriptions[c.Permission]}}, nil
}

// PermissionDescribed says that the organization described a permission in its own words.
type PermissionDescribed struct {
	Permission     Permission `json:"permission"`
	Description    string     `json:"description,omitempty"`
	OldDescription string     `json:"old_description,omitempty"`
}

func (e PermissionDescribed) evolve(s State) State {
	s.Descriptions = maps.Clone(s.Descriptions)
	if s.Descriptions == nil {
		s.Descriptions = map[Permission]string{}
	}
	if s.Descriptions[e.Permission] = e.Description; e.Description == "" {
		delete(s.Descriptions, e.Permission)
	}
	return s
}
