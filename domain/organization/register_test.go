package organization

import "testing"

func TestRegister(t *testing.T) {
	register := Register{Name: "Voorbeeld", Preset: PresetNEN}
	t.Run("takes the policies of the preset", func(t *testing.T) { given(t).When(register).Then(registered) })
	t.Run("in another time zone", func(t *testing.T) {
		want := registered
		want.Policies.TimeZone = "Europe/Lisbon"
		given(t).When(Register{Name: "Voorbeeld", Preset: PresetNEN, TimeZone: "Europe/Lisbon"}).Then(want)
	})
	t.Run("with its domains, each once", func(t *testing.T) {
		a, b := AllowDomain{Domain: "voorbeeld.nl", Reservation: "domain-1"}, AllowDomain{Domain: "voorbeeld.be", Reservation: "domain-2"}
		c := register
		c.Domains = []AllowDomain{a, b, a}
		given(t).When(c).Then(registered, DomainAllowed(a), DomainAllowed(b))
	})
	t.Run("twice changes nothing", func(t *testing.T) { given(t, registered).When(register).ThenNothing() })
	t.Run("is refused under the id of another", func(t *testing.T) {
		given(t, registered).When(Register{Name: "Ander", Preset: PresetNEN}).ThenRefused(ErrExists)
	})
	t.Run("is refused without a name", func(t *testing.T) {
		given(t).When(Register{Preset: PresetNEN}).ThenRefused(code("name-required"))
	})
	t.Run("is refused with an unknown preset", func(t *testing.T) {
		given(t).When(Register{Name: "Voorbeeld", Preset: "x"}).ThenRefused(ErrPresetUnknown)
	})
	t.Run("is refused with a time zone that is none", func(t *testing.T) {
		for _, none := range []string{"a\nb", "Europe/Nenty", "Local", "../etc/passwd"} {
			given(t).When(Register{Name: "Voorbeeld", Preset: PresetNEN, TimeZone: none}).ThenRefused(ErrTimeZoneInvalid)
		}
	})
	t.Run("is refused with a domain that is none", func(t *testing.T) {
		given(t).When(Register{Name: "Voorbeeld", Preset: PresetNEN, Domains: []AllowDomain{{Domain: "gmail.com", Reservation: "domain-1"}}}).
			ThenRefused(ErrDomainPublic)
	})
}
