package session

import "testing"

func TestStart(t *testing.T) {
	start := Start{AccountID: "ann", Method: MethodPassword}
	t.Run("records it", func(t *testing.T) { given(t).When(start).Then(started) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, started).When(start).ThenNothing() })
	t.Run("is refused once ended", func(t *testing.T) { given(t, started, Ended{AccountID: "ann"}).When(start).ThenRefused(ErrExists) })
	t.Run("is refused under the id of another", func(t *testing.T) {
		given(t, started).When(Start{AccountID: "bob", Method: MethodPassword}).ThenRefused(ErrExists)
	})
	t.Run("is refused without an account", func(t *testing.T) {
		given(t).When(Start{Method: MethodPassword}).ThenRefused(code("account-id-required"))
	})
	t.Run("is refused in an unknown way", func(t *testing.T) {
		given(t).When(Start{AccountID: "ann", Method: "luck"}).ThenRefused(ErrMethodUnknown)
	})
}
