package account

import "testing"

// TestExpire holds AMB-R1.
func TestExpire(t *testing.T) {
	set := ValiditySet{ValidUntil: "2026-03-02", EndsAt: later}
	t.Run("at the end", func(t *testing.T) { given(t, active(set)...).When(Expire{Now: later}).Then(Expired{EndsAt: later}) })
	t.Run("not a second before", func(t *testing.T) {
		given(t, active(set)...).When(Expire{Now: later.Add(-second)}).ThenNothing()
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		given(t, active(set, Expired{EndsAt: later})...).When(Expire{Now: later}).ThenNothing()
	})
	t.Run("changes nothing without a last day", func(t *testing.T) { given(t, active()...).When(Expire{Now: later}).ThenNothing() })
	t.Run("changes nothing once closed", func(t *testing.T) {
		given(t, active(set, closed)...).When(Expire{Now: later}).ThenNothing()
	})
}
