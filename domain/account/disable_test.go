package account

import "testing"

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
