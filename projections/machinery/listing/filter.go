package listing

import (
	"fmt"
	"strconv"
	"time"

	"sleutelbos/projections/machinery"
)

// Filter keeps some rows of a list.
type Filter struct {
	Name   string // of its parameter, and the key of its label
	Doc    string
	Kind   Kind
	Values []string // of a OneOf
	where  func(w *Where, value string)
	facts  []machinery.Fact // that its conditions are made of
	// filled says that the filter asks whether the field has a value, and not which.
	filled bool
}

// Fits returns the value of the filter that keeps a row whose field has a value, as Field.Value
// returns it.
func (f Filter) Fits(value any) string {
	if f.filled {
		return strconv.FormatBool(value != nil)
	}
	return fmt.Sprint(value)
}

// ByText keeps the rows with a text in a column.
func ByText(name, column string) Filter {
	return Filter{Name: name, Kind: Text, where: func(w *Where, value string) { w.Equal(column, value) }}
}

// ByID keeps the rows with an id in a column.
func ByID(name, column string) Filter {
	f := ByText(name, column)
	f.Kind = ID
	return f
}

// ByOneOf keeps the rows with one of some values in a column.
func ByOneOf(name, column string, values []string) Filter {
	f := Filter{Name: name, Kind: OneOf, Values: values, where: func(w *Where, value string) {
		w.add(machinery.Equals(column, value).Worded(column + " = " + w.Arg(value)))
	}}
	for _, value := range values {
		f.facts = append(f.facts, machinery.Equals(column, value).Facts()...)
	}
	return f
}

// ByRule keeps the rows that a rule of the domain puts under one of some values. The
// condition of each is the SQL of the same rule; a test holds the two together.
func ByRule[T ~string](name string, values []T, conditions map[T]Condition) Filter {
	f := Filter{Name: name, Kind: OneOf, where: func(w *Where, value string) { w.Now(conditions[T(value)]) }}
	for _, value := range values {
		if conditions[value].SQL == "" {
			panic("listing: no condition for " + name + " " + string(value))
		}
		f.Values = append(f.Values, string(value))
		f.facts = append(f.facts, conditions[value].Facts()...)
	}
	return f
}

// ByFlag keeps the rows for which a column is true, or is not.
func ByFlag(name, column string) Filter {
	return ByEither(name, machinery.Is(column), machinery.Is(column).Not())
}

// ByFilled keeps the rows that have a text in a column, or those that have none.
func ByFilled(name, column string) Filter {
	empty := machinery.Equals(column, "")
	f := ByEither(name, empty.Not().Worded(column+" <> ''"), empty)
	f.filled = true
	return f
}

// ByEither keeps the rows that one condition fits, or those that another one fits.
func ByEither(name string, yes, no Condition) Filter {
	return Filter{Name: name, Kind: Flag, facts: append(yes.Facts(), no.Facts()...), where: func(w *Where, value string) {
		if value == "true" {
			w.Now(yes)
		} else {
			w.Now(no)
		}
	}}
}

// ByEitherToday is ByEither for conditions that depend on the day that it is. Each ? in them stands for
// that day, yyyy-mm-dd, in the time zone of the question.
func ByEitherToday(name string, yes, no Condition) Filter {
	return Filter{Name: name, Kind: Flag, where: func(w *Where, value string) {
		is := no
		if value == "true" {
			is = yes
		}
		zone := w.zone
		if zone == nil {
			zone = time.UTC
		}
		w.Raw(is.In(w.Arg(w.now.In(zone).Format(time.DateOnly))))
	}}
}

// ByMember keeps the rows that have an id among those of a column.
func ByMember(name, column string) Filter {
	return Filter{Name: name, Kind: ID, where: func(w *Where, value string) { w.Raw(w.db.HasMember(column, w.Arg(value))) }}
}

// Before keeps the rows with a time in a column that is before another.
func Before(name, column string) Filter {
	return Filter{
		Name: name, Kind: Moment, Doc: "Before. A date is the beginning of that day in the organization's time zone, and so excludes it.",
		where: func(w *Where, value string) { w.And(column+" <> '' AND "+column+" < ?", w.moment(value)) },
	}
}

// BeforeDay keeps the rows with a day in a column that is before another, whatever the time zone
// of the row is. A time is compared with the column that holds when the day of the row ends.
func BeforeDay(name, day, end string) Filter {
	return Filter{Name: name, Kind: Moment, where: func(w *Where, value string) {
		if _, err := time.Parse(time.DateOnly, value); err == nil {
			w.And(day+" <> '' AND "+day+" < ?", value)
			return
		}
		w.And(end+" <> '' AND "+end+" < ?", w.moment(value))
	}}
}

// After keeps the rows with a time in a column that is not before another.
func After(name, column string) Filter {
	return Filter{
		Name: name, Kind: Moment, Doc: "At or after. A date is the beginning of that day in the organization's time zone.",
		where: func(w *Where, value string) { w.And(column+" >= ?", w.moment(value)) },
	}
}

// Says adds what the documentation of the contract says of the filter.
func (f Filter) Says(doc string) Filter { f.Doc = doc; return f }

// MomentOf reads a time of RFC 3339, or a date: the beginning of that day in a time zone. It
// returns false for any other text.
func MomentOf(text string, zone *time.Location) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, text, zone)
	}
	if err != nil || t.Year() <= 0 || t.Year() >= 10000 {
		return time.Time{}, false
	}
	return t.UTC(), true
}

// EndOf reads a time of RFC 3339, or a date: the end of that day in a time zone, which is the
// beginning of the next. It returns false for any other text.
func EndOf(text string, zone *time.Location) (time.Time, bool) {
	begin, ok := MomentOf(text, zone)
	if _, err := time.Parse(time.DateOnly, text); ok && err == nil {
		begin = begin.In(zone).AddDate(0, 0, 1).UTC()
	}
	return begin, ok
}

func (w *Where) moment(text string) time.Time {
	t, _ := MomentOf(text, w.zone) // whoever takes a filter from outside checked it
	return t
}
