package account

import "testing"

// TestRequirePasswordChange holds R-23.
func TestRequirePasswordChange(t *testing.T) {
	t.Run("asks for a new password", func(t *testing.T) {
		given(t, active()...).When(RequirePasswordChange{}).Then(PasswordChangeRequired{})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, active(PasswordChangeRequired{})...).When(RequirePasswordChange{}).ThenNothing()
	})
	t.Run("is refused before the activation", func(t *testing.T) {
		given(t, created).When(RequirePasswordChange{}).ThenRefused(ErrNotActivated)
	})
	t.Run("is refused without a password", func(t *testing.T) {
		given(t, program, Activated{}).When(RequirePasswordChange{}).ThenRefused(ErrPasswordNotApplicable)
	})
}
