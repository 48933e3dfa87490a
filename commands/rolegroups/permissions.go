package rolegroups

import (
	"strings"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/rolegroup"
)

func permissions(u UseCases) []engine.Command {
	guard := engine.Guard[rolegroup.State, rolegroup.Command, rolegroup.Event]{Aggregate: u.Groups, Target: target, Reach: u.reach}
	return []engine.Command{
		engine.OneStream(guard, "GrantPermission", rights.ManageRoles, "Gives a permission to every account that has the role group.",
			func(_ *engine.Call, in GrantPermission) (string, rolegroup.Command) {
				return in.RoleGroupID, rolegroup.GrantPermission{Permission: in.Permission}
			}, engine.UndoneBy[WithdrawPermission](), engine.Icon("check")),
		engine.OneStream(guard, "WithdrawPermission", rights.ManageRoles, "Takes a permission from every account that has it by this role group alone.",
			func(_ *engine.Call, in WithdrawPermission) (string, rolegroup.Command) {
				return in.RoleGroupID, rolegroup.WithdrawPermission{Permission: in.Permission}
			}, engine.UndoneBy[GrantPermission](), engine.Icon("x"), engine.TakesAway()),
		engine.OneStream(guard, "DescribePermission", rights.ManageRoles, "Says in the organization's own words what a permission of the role group means.",
			func(_ *engine.Call, in DescribePermission) (string, rolegroup.Command) {
				return in.RoleGroupID, rolegroup.DescribePermission{Permission: in.Permission, Description: strings.TrimSpace(in.Description)}
			}, engine.UndoneBy[DescribePermission](), engine.Icon("edit")),
	}
}

// GrantPermission is the body of the command of that name.
type GrantPermission struct {
	RoleGroupID string               `json:"roleGroupId" format:"uuid"`
	Permission  rolegroup.Permission `json:"permission" enum:"values"`
}

// WithdrawPermission is the body of the command of that name.
type WithdrawPermission struct {
	RoleGroupID string               `json:"roleGroupId" format:"uuid"`
	Permission  rolegroup.Permission `json:"permission" enum:"values"`
}

// DescribePermission is the body of the command of that name.
type DescribePermission struct {
	RoleGroupID string               `json:"roleGroupId" format:"uuid"`
	Permission  rolegroup.Permission `json:"permission" enum:"values"`
	Description string               `json:"description,omitzero" maxLength:"2000" lines:"many" doc:"Empty for the general explanation."`
}
