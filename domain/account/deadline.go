package account

import "time"

// ActivationDeadline returns the instant, in UTC, from which an activation is over. That is
// the end of the day that lies so many months after from, in the time zone. Where that
// month is too short its last day counts: one month after 31 January is the last of February.
func ActivationDeadline(from time.Time, months int, loc *time.Location) time.Time {
	y, m, d := from.In(loc).Date()
	last := time.Date(y, m+time.Month(months)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return endOfDay(y, m+time.Month(months), min(d, last), loc)
}

// EndOfDay returns the instant from which a day ("2006-01-02") is over in the time zone:
// the midnight that ends it, in UTC. It refuses what is no date with ErrValidUntilInvalid.
func EndOfDay(date string, loc *time.Location) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return time.Time{}, ErrValidUntilInvalid
	}
	y, m, d := day.Date()
	return endOfDay(y, m, d, loc), nil
}

// LastDay returns the last day ("2006-01-02") before a deadline, which is what people are
// told: for a deadline at midnight it is the day that ends there.
func LastDay(end time.Time, loc *time.Location) string {
	return end.Add(-time.Nanosecond).In(loc).Format(time.DateOnly)
}

func endOfDay(y int, m time.Month, d int, loc *time.Location) time.Time {
	return time.Date(y, m, d+1, 0, 0, 0, 0, loc).UTC()
}
