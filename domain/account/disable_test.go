package account

import "testing"

// TestDisable holds R-17.
func TestDisable(t *testing.T) {
	t.Run("switches an account off", func(t *testing.T) {
		given(t, active()...).When(Disable{Reason: "leave"}).Then(Disabled{Reason: "leave"})
	})
	t.Run("also one that is blocked: the facts stand alone", func(t *testing.T) {
		given(t, active(Blocked{Reason: "fraud"})...).When(Disable{Reason: "leave"}).Then(Disabled{Reason: "leave"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, active(Disabled{Reason: "leave"})...).When(Disable{Reason: "again"}).ThenNothing()
	})
	t.Run("is refused without a reason", func(t *testing.T) {
		given(t, active()...).When(Disable{}).ThenRefused(code("reason-required"))
	})
}

// TestEnable holds R-17 and O-5.
func TestEnable(t *testing.T) {
	t.Run("switches an account on and lifts no block", func(t *testing.T) {
		s := given(t, active(Blocked{Reason: "fraud"}, Disabled{Reason: "leave"})...).When(Enable{Reason: "back"}).
			Then(Enabled{Reason: "back"}).State()
		if s.Disabled || !s.Blocked {
			t.Errorf("blocked %v, disabled %v", s.Blocked, s.Disabled)
		}
	})
	t.Run("changes nothing where it is on", func(t *testing.T) { given(t, active()...).When(Enable{}).ThenNothing() })
	t.Run("is refused with too long a reason", func(t *testing.T) {
		given(t, active()...).When(Enable{Reason: tooLong}).ThenRefused(code("reason-too-long"))
	})
}
