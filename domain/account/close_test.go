package account

import "testing"

// TestClose holds AMB-R9.
func TestClose(t *testing.T) {
	t.Run("ends an account", func(t *testing.T) { given(t, active()...).When(Close{Reason: "left"}).Then(closed) })
	t.Run("ends one that was never activated", func(t *testing.T) { given(t, created).When(Close{Reason: "left"}).Then(closed) })
	t.Run("twice changes nothing", func(t *testing.T) { given(t, active(closed)...).When(Close{Reason: "again"}).ThenNothing() })
	t.Run("is refused without a reason", func(t *testing.T) {
		given(t, active()...).When(Close{}).ThenRefused(code("reason-required"))
	})
}
