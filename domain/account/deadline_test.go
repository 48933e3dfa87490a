package account

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // the rules of Amsterdam, also where the system has none
)

// TestActivationDeadline holds AMB-N2, AMB-N3 and AMB-O1.
func TestActivationDeadline(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		from   string
		months int
		want   string // in Amsterdam
	}{
		"a month":                             {"2026-03-02T12:00:00Z", 1, "2026-04-03T00:00:00+02:00"},
		"the last of January":                 {"2026-01-31T12:00:00Z", 1, "2026-03-01T00:00:00+01:00"},
		"the last of January in a leap year":  {"2028-01-31T12:00:00Z", 1, "2028-03-01T00:00:00+01:00"},
		"the 29th before a leap February":     {"2028-01-29T12:00:00Z", 1, "2028-03-01T00:00:00+01:00"},
		"the last of March":                   {"2026-03-31T12:00:00Z", 1, "2026-05-01T00:00:00+02:00"},
		"over the end of the year":            {"2026-12-31T12:00:00Z", 2, "2027-03-01T00:00:00+01:00"},
		"a day that has begun in Amsterdam":   {"2026-01-30T23:30:00Z", 1, "2026-03-01T00:00:00+01:00"},
		"a day that has begun only there":     {"2026-04-09T22:30:00Z", 1, "2026-05-11T00:00:00+02:00"},
		"into the day that has 23 hours":      {"2026-02-28T23:30:00Z", 1, "2026-04-02T00:00:00+02:00"},
		"onto the night that the clock moves": {"2026-02-28T12:00:00Z", 1, "2026-03-29T00:00:00+01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			from, err := time.Parse(time.RFC3339, test.from)
			if err != nil {
				t.Fatal(err)
			}
			got := ActivationDeadline(from, test.months, amsterdam)
			if got.In(amsterdam).Format(time.RFC3339) != test.want || got.Location() != time.UTC {
				t.Errorf("want %s, got %s", test.want, got.In(amsterdam).Format(time.RFC3339))
			}
		})
	}
}

// TestEndOfDay holds AMB-R1.
func TestEndOfDay(t *testing.T) {
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{
		"2026-12-31": "2026-12-31T23:00:00Z",
		"2026-07-01": "2026-07-01T22:00:00Z",
		"2026-03-29": "2026-03-29T22:00:00Z", // 23 hours long
		"2026-10-25": "2026-10-25T23:00:00Z", // 25 hours long
	} {
		got, err := EndOfDay(day, amsterdam)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s ends at %s, %v", day, got.Format(time.RFC3339), err)
		}
		if last := LastDay(got, amsterdam); last != day {
			t.Errorf("the last day of %s is %s", day, last)
		}
		if last := LastDay(got.Add(-time.Second), amsterdam); last != day {
			t.Errorf("a second before it, the last day of %s is %s", day, last)
		}
	}
	for _, day := range []string{"", "2026-02-30", "31-12-2026", "2026-12-31T00:00:00Z"} {
		if _, err := EndOfDay(day, amsterdam); !errors.Is(err, ErrValidUntilInvalid) {
			t.Errorf("%q: %v", day, err)
		}
	}
}
