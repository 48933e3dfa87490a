package organization

import (
	"testing"
	"time"
)

func TestZone(t *testing.T) {
	newYear := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for name, want := range map[string]string{
		"America/New_York": "18:30", "Europe/Brussels": "00:30", "UTC": "23:30",
		"":             "00:30", // Amsterdam
		"Europe/Nenty": "23:30", // nobody knows it
	} {
		if got := newYear.In(Policies{Basic: Basic{TimeZone: name}}.Zone()).Format("15:04"); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
		}
	}
}

func TestEveryPresetHasAZone(t *testing.T) {
	for _, preset := range Presets() {
		policies, _ := preset.Policies()
		if got := policies.Zone().String(); got != policies.TimeZone {
			t.Errorf("%s: got %s, want %s", preset, got, policies.TimeZone)
		}
	}
}

func TestF25_TheZoneTellsTheCountry(t *testing.T) {
	for zone, want := range map[string]string{"Europe/Amsterdam": "NL", "Europe/Brussels": "BE", "UTC": "", "Asia/Tokyo": "", "": ""} {
		if got := (Policies{Basic: Basic{TimeZone: zone}}).Country(); got != want {
			t.Errorf("%q: got %q, want %q", zone, got, want)
		}
	}
	for _, zone := range OfferedTimeZones() {
		if err := validTimeZone(zone); err != nil {
			t.Errorf("%s is offered: %v", zone, err)
		}
	}
}
