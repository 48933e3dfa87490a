package words

import (
	"strings"
	"time"
)

// names are what days and months are called, in the place of the English names that package
// time writes. Whole names come before those that are their beginnings.
var names = map[Language]*strings.Replacer{
	English: strings.NewReplacer(),
	Dutch: strings.NewReplacer(
		"January", "januari", "February", "februari", "March", "maart", "April", "april", "May", "mei", "June", "juni",
		"July", "juli", "August", "augustus", "September", "september", "October", "oktober", "November", "november", "December", "december",
		"Monday", "maandag", "Tuesday", "dinsdag", "Wednesday", "woensdag", "Thursday", "donderdag", "Friday", "vrijdag", "Saturday", "zaterdag", "Sunday", "zondag",
		"Jan", "jan", "Feb", "feb", "Mar", "mrt", "Apr", "apr", "Jun", "jun",
		"Jul", "jul", "Aug", "aug", "Sep", "sep", "Oct", "okt", "Nov", "nov", "Dec", "dec"),
}

// Time says a time in the zone that it has, in a layout of package time: days and months have
// their names in the language.
func Time(l Language, t time.Time, layout string) string { return names[l].Replace(t.Format(layout)) }

// Day says a day ("2006-01-02") as people write it; it returns anything else as it is.
func Day(l Language, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return Time(l, t, "2 Jan 2006")
}
