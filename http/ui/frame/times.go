package frame

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"sleutelbos/http/words"
)

// Zone is that of the reader: the organizations are Dutch and Flemish.
var Zone = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.UTC
	}
	return loc
}()

// timeTag shows a time in the reader's zone, with the UTC time on hover.
func timeTag(l words.Language, t time.Time, layout string) template.HTML {
	if t.IsZero() {
		return "–"
	}
	return template.HTML(fmt.Sprintf(`<time datetime="%s" title="%s UTC">%s</time>`, //nolint:gosec // made of times and constants alone
		t.UTC().Format(time.RFC3339), t.UTC().Format("2006-01-02 15:04:05"), monthNames(l, t.In(Zone).Format(layout))))
}

// DateText says a day ("2006-01-02") as people write it; it returns anything else as it is.
func DateText(l words.Language, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return monthNames(l, t.Format("2 Jan 2006"))
}

var dutchMonths = strings.NewReplacer("January", "januari", "February", "februari", "March", "maart", "April", "april", "June", "juni", "July", "juli",
	"August", "augustus", "September", "september", "October", "oktober", "November", "november", "December", "december",
	"Monday", "maandag", "Tuesday", "dinsdag", "Wednesday", "woensdag", "Thursday", "donderdag", "Friday", "vrijdag", "Saturday", "zaterdag", "Sunday", "zondag",
	"Jan", "jan", "Feb", "feb", "Mar", "mrt", "Apr", "apr", "May", "mei", "Jun", "jun",
	"Jul", "jul", "Aug", "aug", "Sep", "sep", "Oct", "okt", "Nov", "nov", "Dec", "dec")

func monthNames(l words.Language, s string) string {
	if l == words.Dutch {
		return dutchMonths.Replace(s)
	}
	return s
}
