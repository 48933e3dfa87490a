package organization

import (
	"slices"
	"time"
	_ "time/tzdata" // the zones, also where the machine has no files of them
)

// DefaultTimeZone is the time zone of an organization that names none, and of whoever belongs to
// no organization that is known: most organizations are Dutch.
const DefaultTimeZone = "Europe/Amsterdam"

// place is a time zone with the country, by its code (ISO 3166), in which it is kept.
type place struct{ zone, country string }

// places are the time zones of the Kingdom of the Netherlands and of Belgium, and of their neighbors.
var places = []place{
	{"Europe/Amsterdam", "NL"}, {"Europe/Brussels", "BE"}, {"America/Kralendijk", "BQ"}, {"America/Aruba", "AW"}, {"America/Curacao", "CW"},
	{"America/Lower_Princes", "SX"}, {"America/Paramaribo", "SR"}, {"Europe/Berlin", "DE"}, {"Europe/Paris", "FR"}, {"Europe/Luxembourg", "LU"},
	{"Europe/London", "GB"}, {"Europe/Dublin", "IE"}, {"UTC", ""},
}

// OfferedTimeZones returns the time zones that an organization is offered. It may have any other.
func OfferedTimeZones() []string {
	zones := make([]string, len(places))
	for i, p := range places {
		zones[i] = p.zone
	}
	return zones
}

// Country returns the country of the organization, which follows from its time zone. It is empty if
// nothing is known of the zone's.
func (p Policies) Country() string {
	i := slices.IndexFunc(places, func(known place) bool { return known.zone == p.TimeZone })
	if i < 0 {
		return ""
	}
	return places[i].country
}

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
