package account

import "testing"

var standard = RoleAssigned{RoleGroupID: "g1", RoleGroup: "Standaard"}

// TestAssignRole holds R-30.
func TestAssignRole(t *testing.T) {
	assign := AssignRole{RoleGroupID: "g1", RoleGroup: "Standaard"}
	t.Run("gives a role", func(t *testing.T) { given(t, created).When(assign).Then(standard) })
	t.Run("twice changes nothing, whatever the group is called by now", func(t *testing.T) {
		given(t, created, standard).When(AssignRole{RoleGroupID: "g1", RoleGroup: "Basis"}).ThenNothing()
	})
	t.Run("gives several", func(t *testing.T) {
		given(t, created, standard).When(AssignRole{RoleGroupID: "g2", RoleGroup: "Winkel"}).Then(RoleAssigned{RoleGroupID: "g2", RoleGroup: "Winkel"})
	})
	t.Run("gives again what was taken, but not by itself", func(t *testing.T) {
		taken := given(t, created, standard, RoleRevoked{RoleGroupID: "g1", OldRoleGroup: "Standaard"})
		taken.When(assign).Then(standard)
		taken.When(AssignRole{RoleGroupID: "g1", RoleGroup: "Standaard", First: true}).ThenNothing()
		given(t, created).When(AssignRole{RoleGroupID: "g1", RoleGroup: "Standaard", First: true}).Then(standard)
	})
	t.Run("is refused without a group", func(t *testing.T) {
		given(t, created).When(AssignRole{RoleGroup: "Standaard"}).ThenRefused(code("role-group-id-required"))
		given(t, created).When(AssignRole{RoleGroupID: "g1"}).ThenRefused(code("role-group-required"))
	})
	t.Run("is refused to an account that is not saved (O-9)", func(t *testing.T) { given(t).When(assign).ThenRefused(ErrNotFound) })
	t.Run("is refused once closed", func(t *testing.T) { given(t, created, Closed{}).When(assign).ThenRefused(ErrClosed) })
}

func TestRevokeRole(t *testing.T) {
	revoke := RevokeRole{RoleGroupID: "g1"}
	t.Run("takes a role, and tells what it was", func(t *testing.T) {
		given(t, created, standard).When(revoke).Then(RoleRevoked{RoleGroupID: "g1", OldRoleGroup: "Standaard"})
	})
	t.Run("of what it does not have changes nothing", func(t *testing.T) { given(t, created).When(revoke).ThenNothing() })
	t.Run("is refused without a group", func(t *testing.T) {
		given(t, created).When(RevokeRole{}).ThenRefused(code("role-group-id-required"))
	})
	t.Run("is refused where there is no account", func(t *testing.T) { given(t).When(revoke).ThenRefused(ErrNotFound) })
	t.Run("leaves the state that it came from as it was", func(t *testing.T) {
		before := Decider.Fold(State{}, created, standard)
		after := Decider.Fold(before, RoleRevoked{RoleGroupID: "g1"})
		if len(before.Roles) != 1 || len(after.Roles) != 0 || !after.HadRole {
			t.Errorf("%v before, %v after", before.Roles, after.Roles)
		}
	})
}

func TestCloseEndsRoles(t *testing.T) {
	given(t, created, RoleAssigned{RoleGroupID: "g2", RoleGroup: "Winkel"}, standard).When(Close{Reason: "Uit dienst"}).Then(
		RoleRevoked{RoleGroupID: "g1", OldRoleGroup: "Standaard"}, RoleRevoked{RoleGroupID: "g2", OldRoleGroup: "Winkel"}, Closed{Reason: "Uit dienst"})
}
