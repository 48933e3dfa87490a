package account

import "testing"

func TestExpireActivation(t *testing.T) {
	over := ActivationExpired{CredentialID: "link-1", ExpiredAt: later}
	t.Run("at the end", func(t *testing.T) { given(t, created, sent).When(ExpireActivation{Now: later}).Then(over) })
	t.Run("not a second before", func(t *testing.T) {
		given(t, created, sent).When(ExpireActivation{Now: later.Add(-second)}).ThenNothing()
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, created, sent, over).When(ExpireActivation{Now: later}).ThenNothing()
	})
	t.Run("changes nothing where nothing was sent", func(t *testing.T) {
		given(t, created).When(ExpireActivation{Now: later}).ThenNothing()
	})
	t.Run("changes nothing once activated", func(t *testing.T) {
		given(t, active()...).When(ExpireActivation{Now: later}).ThenNothing()
	})
	t.Run("changes nothing once closed", func(t *testing.T) {
		given(t, created, sent, closed).When(ExpireActivation{Now: later}).ThenNothing()
	})
}
