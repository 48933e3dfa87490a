package account

import "testing"

// TestClearValidUntil holds R-16.
func TestClearValidUntil(t *testing.T) {
	set := ValiditySet{ValidUntil: "2026-03-01", EndsAt: noon}
	t.Run("makes an account usable that was over", func(t *testing.T) {
		s := given(t, active(set, Expired{EndsAt: noon})...).When(ClearValidUntil{}).Then(ValidityCleared{OldValidUntil: "2026-03-01", OldEndsAt: noon, OldExpired: true}).State()
		if s.Expired || !s.CanLogIn(later) || s.ValidUntil != "" {
			t.Errorf("still over: %v", s.LoginRefusal(later))
		}
	})
	t.Run("changes nothing where there is no last day", func(t *testing.T) {
		given(t, active()...).When(ClearValidUntil{}).ThenNothing()
	})
}
