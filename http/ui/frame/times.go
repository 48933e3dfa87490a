package frame

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/http/words"
)

// Zone returns the time zone in which a page about an organization tells days and hours. It is
// the usual one for a reader who has no organization, and while the read models can't be read:
// that is said by what the page itself asks of them.
func (p *Pages) Zone(ctx context.Context, organizationID string) *time.Location {
	if organizationID == "" {
		return organization.ZoneNamed("")
	}
	zones, err := p.source.Zones(ctx, organizationID)
	if err != nil {
		return organization.ZoneNamed("")
	}
	return zones[organizationID]
}

// LastDay says the last day before a deadline, in the time zone of whose deadline it is.
func LastDay(l words.Language, end time.Time, zone *time.Location) string {
	return words.Day(l, account.LastDay(end, zone))
}

// AsOf reads the day as of which a page shows something, and returns it with its last moment in a time
// zone. The zero time means now: no day was asked for, or the reader may not read the history.
func AsOf(r *http.Request, name string, zone *time.Location, seesHistory bool) (day string, at time.Time) {
	start, err := time.ParseInLocation(time.DateOnly, r.URL.Query().Get(name), zone)
	if err != nil || !seesHistory {
		return "", time.Time{}
	}
	return start.Format(time.DateOnly), start.AddDate(0, 0, 1).Add(-time.Nanosecond)
}

// timeFunctions are what templates may call that says a time, in a language and a time zone.
func timeFunctions(l words.Language, zone *time.Location) template.FuncMap {
	tag := func(layout string) func(time.Time) template.HTML {
		return func(t time.Time) template.HTML { return timeTag(l, zone, t, layout) }
	}
	return template.FuncMap{
		"time":    tag("2 Jan 2006 15:04"),
		"day":     tag("2 Jan 2006"),
		"weekday": tag("Monday 2 January 2006"),
		"clock":   tag("15:04:05"),
		"plain":   func(t time.Time) string { return words.Time(l, t.In(zone), clear(t.In(zone), "2 Jan 2006 15:04")) },
		"last":    func(end time.Time) string { return LastDay(l, end, zone) },
	}
}

// timeTag shows a time, with the UTC time on hover.
func timeTag(l words.Language, zone *time.Location, t time.Time, layout string) template.HTML {
	if t.IsZero() {
		return `<span class="quiet nothing">–</span>`
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s UTC">%s</time>`, //nolint:gosec // made of times and constants alone
		t.UTC().Format(time.RFC3339), t.UTC().Format("2006-01-02 15:04:05"), words.Time(l, t.In(zone), clear(t.In(zone), layout))))
}

// clear returns a layout that names the offset of a time of day which comes twice, where the clock
// is put back, and else the layout as it is.
func clear(t time.Time, layout string) string {
	const hours = "2006-01-02T15:04"
	if !strings.Contains(layout, "15:04") {
		return layout
	}
	for _, back := range []time.Duration{time.Hour, -time.Hour} {
		if t.Add(back).Format(hours) == t.Format(hours) {
			return layout + " (-07:00)"
		}
	}
	return layout
}
