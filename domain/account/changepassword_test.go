package account

import "testing"

func TestChangePassword(t *testing.T) {
	change := ChangePassword{CredentialID: "password-2", Now: noon}
	t.Run("replaces the password and settles what was asked", func(t *testing.T) {
		s := given(t, active(PasswordChangeRequired{})...).When(change).Then(PasswordChanged{CredentialID: "password-2", OldPasswordChangeRequired: true}).State()
		if s.PasswordChangeRequired || s.PasswordID != "password-2" {
			t.Errorf("still asked for: %v, password %s", s.PasswordChangeRequired, s.PasswordID)
		}
	})
	t.Run("the same twice changes nothing", func(t *testing.T) {
		given(t, active()...).When(ChangePassword{CredentialID: "password-1", Now: noon}).ThenNothing()
	})
	t.Run("is refused while blocked", func(t *testing.T) {
		given(t, active(Blocked{Reason: "r"})...).When(change).ThenRefused(ErrBlocked)
	})
	t.Run("is refused before the activation", func(t *testing.T) {
		given(t, created, sent).When(change).ThenRefused(ErrActivationPending)
	})
	t.Run("is refused without a password", func(t *testing.T) {
		given(t, program, Activated{}).When(change).ThenRefused(ErrPasswordNotApplicable)
	})
	t.Run("is refused without a credential", func(t *testing.T) {
		given(t, active()...).When(ChangePassword{Now: noon}).ThenRefused(code("credential-id-required"))
	})
}
