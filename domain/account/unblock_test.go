package account

import "testing"

func TestUnblock(t *testing.T) {
	t.Run("ends the block and nothing else", func(t *testing.T) {
		s := given(t, active(Blocked{Reason: "fraud"}, Disabled{Reason: "leave"})...).When(Unblock{Reason: "mistake"}).
			Then(Unblocked{Reason: "mistake"}).State()
		if s.Blocked || !s.Disabled {
			t.Errorf("blocked %v, disabled %v", s.Blocked, s.Disabled)
		}
	})
	t.Run("needs no reason", func(t *testing.T) {
		given(t, active(Blocked{Reason: "fraud"})...).When(Unblock{}).Then(Unblocked{})
	})
	t.Run("changes nothing where there is no block", func(t *testing.T) { given(t, active()...).When(Unblock{}).ThenNothing() })
	t.Run("is refused with a control character in the reason", func(t *testing.T) {
		given(t, active()...).When(Unblock{Reason: "a\rb"}).ThenRefused(code("reason-invalid"))
	})
}
