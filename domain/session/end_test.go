package session

import "testing"

func TestEnd(t *testing.T) {
	for _, because := range Reasons() {
		given(t, started).When(End{because}).Then(Ended{AccountID: "ann", Because: because})
	}
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, started, Ended{AccountID: "ann", Because: BecauseRevoked}).When(End{BecauseSignedOut}).ThenNothing()
	})
	t.Run("is refused without a known reason", func(t *testing.T) { given(t, started).When(End{"bored"}).ThenRefused(ErrBecauseUnknown) })
	t.Run("is refused where there is none", func(t *testing.T) { given(t).When(End{BecauseRevoked}).ThenRefused(ErrNotFound) })
}
