package account

import (
	"maps"
	"slices"

	"sleutelbos/domain"
)

// AssignRole gives the account a role group of its organization, from which it gets permissions
// . The caller has seen to it that the group is in use and of the same organization.
type AssignRole struct {
	RoleGroupID string
	RoleGroup   string // what it is called
	// First gives it only to an account that never had a role: what somebody took does not come
	// back by itself.
	First bool
}

func (c AssignRole) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(),
		domain.Identifier("role_group_id", c.RoleGroupID),
		domain.RequiredText("role_group", c.RoleGroup, domain.MaxName), s.open()); err != nil {
		return nil, err
	}
	if _, has := s.Roles[c.RoleGroupID]; has || c.First && s.HadRole {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{RoleAssigned{RoleGroupID: c.RoleGroupID, RoleGroup: c.RoleGroup}}, nil
}

// RoleAssigned says that the account got a role group, which had that name then.
type RoleAssigned struct {
	RoleGroupID string `json:"role_group_id"`
	RoleGroup   string `json:"role_group"`
}

func (e RoleAssigned) evolve(s State) State {
	s.Roles = maps.Clone(s.Roles)
	if s.Roles == nil {
		s.Roles = map[string]string{}
	}
	s.Roles[e.RoleGroupID], s.HadRole = e.RoleGroup, true
	return s
}

// RevokeRole takes a role group from the account.
type RevokeRole struct {
	RoleGroupID string
}

func (c RevokeRole) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), domain.Identifier("role_group_id", c.RoleGroupID)); err != nil {
		return nil, err
	}
	name, has := s.Roles[c.RoleGroupID]
	if !has {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{RoleRevoked{RoleGroupID: c.RoleGroupID, OldRoleGroup: name}}, nil
}

// RoleRevoked says that the account lost a role group, by the name with which it had got it.
type RoleRevoked struct {
	RoleGroupID  string `json:"role_group_id"`
	OldRoleGroup string `json:"old_role_group"`
}

func (e RoleRevoked) evolve(s State) State {
	s.Roles = maps.Clone(s.Roles)
	delete(s.Roles, e.RoleGroupID)
	if len(s.Roles) == 0 {
		s.Roles = nil
	}
	return s
}

// lost returns the events that take all its roles from an account, by the ids of the groups.
func (s State) lost() []Event {
	var events []Event
	for _, id := range slices.Sorted(maps.Keys(s.Roles)) {
		events = append(events, RoleRevoked{RoleGroupID: id, OldRoleGroup: s.Roles[id]})
	}
	return events
}
