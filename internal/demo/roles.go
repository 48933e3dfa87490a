package demo

import (
	"context"
	"slices"
	"time"

	"sleutelbos/commands/rolegroups"
)

// role makes a role group with what it permits.
func (h *house) role(ctx context.Context, o *office, r role) error {
	by := first + "@" + o.domain
	made, err := run[rolegroups.RoleGroupMade](ctx, h, by, rolegroups.CreateRoleGroup{OrganizationID: h.made[o.name], Name: r.name})
	if err != nil {
		return err
	}
	h.made[o.name+"/"+r.name] = made.RoleGroupID
	for _, p := range r.permits {
		if err := h.as(ctx, by, rolegroups.GrantPermission{RoleGroupID: made.RoleGroupID, Permission: p}); err != nil {
			return err
		}
	}
	return nil
}

// giveRoles plans that a user gets the roles of the office, soon after what was last, and returns
// when that is done.
func (h *house) giveRoles(o *office, local, admin string, last time.Time) time.Time {
	for _, r := range o.roles {
		if local == o.bare || !r.everybody && !slices.Contains(r.people, local) {
			continue
		}
		last = last.Add(h.between(1, 3))
		h.at(last, "give "+r.name+" to "+local, func(ctx context.Context) error {
			return h.as(ctx, admin+"@"+o.domain, rolegroups.AssignRole{AccountID: h.made[local+"@"+o.domain], RoleGroupID: h.made[o.name+"/"+r.name]})
		})
	}
	return last
}
