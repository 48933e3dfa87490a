package organization

import (
	"time"
	_ "time/tzdata" // the zones, also where the machine has no files of them
)

// DefaultTimeZone is the time zone of an organization that names none, and of whoever belongs to
// no organization that is known: most organizations are Dutch.
const DefaultTimeZone = "Europe/Amsterdam"

// Zone returns the time zone in which the days of the organization begin and end.
func (p Policies) Zone() *time.Location { return ZoneNamed(p.TimeZone) }

// ZoneNamed returns the time zone with an IANA name. It is that of DefaultTimeZone if the name is
// empty, and UTC if nobody knows the name (any more).
func ZoneNamed(name string) *time.Location {
	if name == "" {
		name = DefaultTimeZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
