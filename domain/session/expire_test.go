package session

import "testing"

func TestExpire(t *testing.T) {
	expired := Expired{AccountID: "ann"}
	t.Run("ends an open session", func(t *testing.T) { given(t, started).When(Expire{}).Then(expired) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, started, expired).When(Expire{}).ThenNothing() })
	t.Run("of one that ended changes nothing", func(t *testing.T) {
		given(t, started, Ended{AccountID: "ann", Because: BecauseSignedOut}).When(Expire{}).ThenNothing()
	})
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(Expire{}).ThenRefused(ErrNotFound) })
	t.Run("is no sign-out any more", func(t *testing.T) { given(t, started, expired).When(End{BecauseRevoked}).ThenNothing() })
}
