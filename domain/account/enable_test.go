package account

import "testing"

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
