package account

import "testing"

// TestShield holds R-21.
func TestShield(t *testing.T) {
	t.Run("marks an internal employee", func(t *testing.T) {
		given(t, active()...).When(Shield{Reason: "staff"}).Then(Shielded{Reason: "staff"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, active(Shielded{Reason: "staff"})...).When(Shield{Reason: "again"}).ThenNothing()
	})
	t.Run("after it was lifted", func(t *testing.T) {
		given(t, active(Shielded{Reason: "staff"}, Unshielded{})...).When(Shield{Reason: "back"}).Then(Shielded{Reason: "back"})
	})
	t.Run("keeps nobody from signing in", func(t *testing.T) {
		if s := given(t, active()...).When(Shield{Reason: "staff"}).Then(Shielded{Reason: "staff"}).State(); !s.CanLogIn(noon) {
			t.Error("it does")
		}
	})
	t.Run("is refused without a reason", func(t *testing.T) {
		given(t, active()...).When(Shield{Reason: " "}).ThenRefused(code("reason-required"))
	})
}

// TestUnshield holds R-21.
func TestUnshield(t *testing.T) {
	t.Run("ends it, without a reason", func(t *testing.T) {
		given(t, active(Shielded{Reason: "staff"})...).When(Unshield{}).Then(Unshielded{})
	})
	t.Run("changes nothing where there is no shield", func(t *testing.T) { given(t, active()...).When(Unshield{}).ThenNothing() })
	t.Run("is refused with a control character in the reason", func(t *testing.T) {
		given(t, active(Shielded{Reason: "staff"})...).When(Unshield{Reason: "a\rb"}).ThenRefused(code("reason-invalid"))
	})
}
