package frame

import (
	"fmt"
	"html/template"
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
		t.UTC().Format(time.RFC3339), t.UTC().Format("2006-01-02 15:04:05"), words.Time(l, t.In(Zone), layout)))
}
