package account

import "testing"

func TestSetPassword(t *testing.T) {
	set := PasswordSetByAdmin{CredentialID: "password-2", Generated: true}
	t.Run("must be changed by the holder", func(t *testing.T) {
		given(t, active()...).When(SetPassword{CredentialID: "password-2", Generated: true}).Then(set, PasswordChangeRequired{})
	})
	t.Run("may be kept", func(t *testing.T) {
		given(t, active()...).When(SetPassword{CredentialID: "password-2", Generated: true, Keep: true}).Then(set)
	})
	t.Run("does not ask twice for the change", func(t *testing.T) {
		given(t, active(PasswordChangeRequired{})...).When(SetPassword{CredentialID: "password-2", Generated: true}).Then(set)
	})
	t.Run("a program has keys instead", func(t *testing.T) {
		given(t, program, Activated{}).When(SetPassword{CredentialID: "password-2", Generated: true}).ThenRefused(ErrProgram)
	})
	t.Run("the same twice changes nothing", func(t *testing.T) {
		given(t, active()...).When(SetPassword{CredentialID: "password-1"}).ThenNothing()
	})
	t.Run("does not stand in for an activation", func(t *testing.T) {
		given(t, created, sent).When(SetPassword{CredentialID: "password-2"}).ThenRefused(ErrNotActivated)
	})
	t.Run("is refused without a credential", func(t *testing.T) {
		given(t, active()...).When(SetPassword{}).ThenRefused(code("credential-id-required"))
	})
}
