package account

import "testing"

// TestBlock holds AMB-R5.
func TestBlock(t *testing.T) {
	t.Run("stops an account", func(t *testing.T) {
		given(t, active()...).When(Block{Reason: "fraud"}).Then(Blocked{Reason: "fraud"})
	})
	t.Run("stops one that waits for its activation", func(t *testing.T) {
		given(t, created).When(Block{Reason: "fraud"}).Then(Blocked{Reason: "fraud"})
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, active(Blocked{Reason: "fraud"})...).When(Block{Reason: "again"}).ThenNothing()
	})
	t.Run("after it was unblocked", func(t *testing.T) {
		given(t, active(Blocked{Reason: "fraud"}, Unblocked{})...).When(Block{Reason: "again"}).Then(Blocked{Reason: "again"})
	})
	t.Run("is refused without a reason", func(t *testing.T) {
		given(t, active()...).When(Block{Reason: " "}).ThenRefused(code("reason-required"))
	})
	t.Run("with a reason of 500 characters", func(t *testing.T) {
		given(t, active()...).When(Block{Reason: tooLong[:500]}).Then(Blocked{Reason: tooLong[:500]})
	})
	t.Run("is refused with one of 501", func(t *testing.T) {
		given(t, active()...).When(Block{Reason: tooLong[:501]}).ThenRefused(code("reason-too-long"))
	})
}

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
