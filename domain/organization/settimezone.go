package organization

import "sleutelbos/domain"

// SetTimeZone changes where the days of the organization begin and end. An end that was set before
// stays at the moment that it had.
type SetTimeZone struct {
	TimeZone string // IANA name
}

func (c SetTimeZone) decide(s State) ([]Event, error) {
	if err := domain.First(s.existing(), validTimeZone(c.TimeZone)); err != nil {
		return nil, err
	}
	if s.Policies.TimeZone == c.TimeZone {
		return nil, nil // it is so already; nothing happened
	}
	return []Event{TimeZoneChanged{TimeZone: c.TimeZone, OldTimeZone: s.Policies.TimeZone}}, nil
}

// TimeZoneChanged says where the days of the organization begin and end.
type TimeZoneChanged struct {
	TimeZone    string `json:"time_zone"`
	OldTimeZone string `json:"old_time_zone"`
}

func (e TimeZoneChanged) evolve(s State) State {
	s.Policies.TimeZone = e.TimeZone
	return s
}
