package account

import "testing"

// TestSetValidUntil holds R-16.
func TestSetValidUntil(t *testing.T) {
	until := SetValidUntil{ValidUntil: "2026-03-02", EndsAt: later, Now: noon}
	set := ValiditySet{ValidUntil: "2026-03-02", EndsAt: later}
	t.Run("gives a last day", func(t *testing.T) { given(t, active()...).When(until).Then(set) })
	t.Run("replaces one, and tells which", func(t *testing.T) {
		given(t, active(set)...).When(SetValidUntil{ValidUntil: "2026-03-03", EndsAt: later.Add(24 * 3600 * second), Now: noon}).
			Then(ValiditySet{ValidUntil: "2026-03-03", EndsAt: later.Add(24 * 3600 * second), OldValidUntil: "2026-03-02", OldEndsAt: later})
	})
	t.Run("makes an account usable that was over", func(t *testing.T) {
		past := ValiditySet{ValidUntil: "2026-03-01", EndsAt: noon}
		s := given(t, active(past, Expired{EndsAt: noon})...).When(until).
			Then(ValiditySet{ValidUntil: "2026-03-02", EndsAt: later, OldValidUntil: "2026-03-01", OldEndsAt: noon, OldExpired: true}).State()
		if s.Expired || !s.CanLogIn(noon) {
			t.Errorf("still over: %v", s.LoginRefusal(noon))
		}
	})
	t.Run("the same twice changes nothing", func(t *testing.T) { given(t, active(set)...).When(until).ThenNothing() })
	t.Run("the same day in another time zone", func(t *testing.T) {
		given(t, active(set)...).When(SetValidUntil{ValidUntil: "2026-03-02", EndsAt: later.Add(second), Now: noon}).
			Then(ValiditySet{ValidUntil: "2026-03-02", EndsAt: later.Add(second), OldValidUntil: "2026-03-02", OldEndsAt: later})
	})
	t.Run("a second before the day's end", func(t *testing.T) {
		given(t, active()...).When(SetValidUntil{ValidUntil: "2026-03-02", EndsAt: later, Now: later.Add(-second)}).Then(set)
	})
	t.Run("is refused when the day is over", func(t *testing.T) {
		given(t, active()...).When(SetValidUntil{ValidUntil: "2026-03-02", EndsAt: later, Now: later}).ThenRefused(ErrValidUntilPast)
	})
	t.Run("is refused for what is no day", func(t *testing.T) {
		given(t, active()...).When(SetValidUntil{ValidUntil: "2026-02-30", EndsAt: later, Now: noon}).ThenRefused(ErrValidUntilInvalid)
	})
	t.Run("is refused without the day's end", func(t *testing.T) {
		given(t, active()...).When(SetValidUntil{ValidUntil: "2026-03-02", Now: noon}).ThenRefused(ErrValidUntilInvalid)
	})
}
