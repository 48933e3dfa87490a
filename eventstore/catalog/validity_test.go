package catalog

import (
	"testing"
	"time"
)

func TestTheOldEndOfAValidity(t *testing.T) {
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for name, c := range map[string]struct {
		v1   validitySetV1
		want time.Time
	}{
		"there was none":                  {validitySetV1{"2026-12-31", at("2026-12-31T23:00:00Z"), ""}, time.Time{}},
		"in the usual zone":               {validitySetV1{"2026-12-31", at("2026-12-31T23:00:00Z"), "2026-11-30"}, at("2026-11-30T23:00:00Z")},
		"in the usual zone, in summer":    {validitySetV1{"2026-12-31", at("2026-12-31T23:00:00Z"), "2026-06-30"}, at("2026-06-30T22:00:00Z")},
		"elsewhere":                       {validitySetV1{"2026-12-31", at("2027-01-01T05:00:00Z"), "2026-11-30"}, at("2026-12-01T05:00:00Z")},
		"where the end is not of the day": {validitySetV1{"2026-12-31", at("2026-03-02T12:00:00Z"), "2026-11-30"}, time.Time{}},
	} {
		got := validitySetFromV1(c.v1)
		if !got.OldEndsAt.Equal(c.want) || got.OldValidUntil != c.v1.OldValidUntil || !got.EndsAt.Equal(c.v1.EndsAt) || got.ValidUntil != c.v1.ValidUntil {
			t.Errorf("%s: got %+v, want the old end at %s", name, got, c.want)
		}
	}
}
