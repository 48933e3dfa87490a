package rolegroup

import "testing"

// TestGrantPermission holds O-22.
func TestGrantPermission(t *testing.T) {
	grant, granted := GrantPermission{Permission: Shop}, PermissionGranted{Permission: Shop}
	t.Run("gives a permission", func(t *testing.T) { given(t, created).When(grant).Then(granted) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, created, granted).When(grant).ThenNothing() })
	t.Run("gives again what was withdrawn", func(t *testing.T) {
		given(t, created, granted, PermissionWithdrawn(granted)).When(grant).Then(granted)
	})
	t.Run("is refused where there is no group", func(t *testing.T) { given(t).When(grant).ThenRefused(ErrNotFound) })
	t.Run("is refused of what is no permission", func(t *testing.T) {
		given(t, created).When(GrantPermission{Permission: "everything"}).ThenRefused(ErrPermissionUnknown)
	})
	t.Run("is refused once archived", func(t *testing.T) { given(t, created, Archived{}).When(grant).ThenRefused(ErrArchived) })
}

// TestWithdrawPermission holds O-22.
func TestWithdrawPermission(t *testing.T) {
	withdraw, granted := WithdrawPermission{Permission: Shop}, PermissionGranted{Permission: Shop}
	withdrawn := PermissionWithdrawn{Permission: Shop}
	t.Run("takes a permission", func(t *testing.T) { given(t, created, granted).When(withdraw).Then(withdrawn) })
	t.Run("of what is not there changes nothing", func(t *testing.T) {
		given(t, created).When(withdraw).ThenNothing()
		given(t, created, granted, withdrawn).When(withdraw).ThenNothing()
	})
	t.Run("is refused where there is no group", func(t *testing.T) { given(t).When(withdraw).ThenRefused(ErrNotFound) })
	t.Run("is refused of what is no permission", func(t *testing.T) {
		given(t, created).When(WithdrawPermission{Permission: "everything"}).ThenRefused(ErrPermissionUnknown)
	})
	t.Run("is refused once archived", func(t *testing.T) {
		given(t, created, granted, Archived{}).When(withdraw).ThenRefused(ErrArchived)
	})
}
