package catalog

import (
	"time"

	"sleutelbos/domain/account"
)

// validitySetV1 said which last day an account had before, but not when that day was over. Read
// as it is today, it would say that the account had no end.
type validitySetV1 struct {
	ValidUntil    string    `json:"valid_until"`
	EndsAt        time.Time `json:"ends_at"`
	OldValidUntil string    `json:"old_valid_until,omitempty"`
}

// validitySetFromV1 finds out when the old day was over, as the new one tells the time zone.
// Where it tells none, the old end stays unknown.
func validitySetFromV1(v1 validitySetV1) account.ValiditySet {
	e := account.ValiditySet{ValidUntil: v1.ValidUntil, EndsAt: v1.EndsAt, OldValidUntil: v1.OldValidUntil}
	if zone, ok := zoneOf(v1.ValidUntil, v1.EndsAt); ok && v1.OldValidUntil != "" {
		e.OldEndsAt, _ = account.EndOfDay(v1.OldValidUntil, zone) // it was a day when it was stored
	}
	return e
}

// usual is the zone of most presets; the others' has had the same times for as long as there are
// events.
var usual = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic("catalog: the time zones are embedded: " + err.Error())
	}
	return loc
}()

// farthest is how far a time zone is from UTC at most.
const farthest = 14 * time.Hour

// zoneOf returns a zone in which a day ends at a time: the usual one, or else one that always
// keeps the same distance to UTC. It is false if there is none.
func zoneOf(day string, end time.Time) (*time.Location, bool) {
	if usually, err := account.EndOfDay(day, usual); err != nil || usually.Equal(end) {
		return usual, err == nil
	}
	inUTC, _ := account.EndOfDay(day, time.UTC) // it is a day, as was found above
	ahead := inUTC.Sub(end)
	return time.FixedZone("", int(ahead/time.Second)), ahead.Abs() <= farthest
}
