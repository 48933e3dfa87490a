package organization

import "testing"

func TestSetTimeZone(t *testing.T) {
	given(t, registered).When(SetTimeZone{"America/Curacao"}).Then(TimeZoneChanged{TimeZone: "America/Curacao", OldTimeZone: "Europe/Amsterdam"})
	t.Run("the same changes nothing", func(t *testing.T) { given(t, registered).When(SetTimeZone{"Europe/Amsterdam"}).ThenNothing() })
	for _, zone := range []string{"", "Local", "Europe/Nenty", "../etc/passwd"} {
		given(t, registered).When(SetTimeZone{zone}).ThenRefused(ErrTimeZoneInvalid)
	}
	given(t).When(SetTimeZone{"Europe/Brussels"}).ThenRefused(ErrNotFound)
}
