package answers

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// teller says the values of a list's rows as people read them.
type teller struct {
	language words.Language
	zone     *time.Location
	columns  []listing.About
	names    map[string]string // by id, of the rows that are told now
}

// named reports whether a column of ids has one of names before it. A row that has the name
// itself needs none.
func (t teller) named(about listing.About) bool {
	stem := strings.TrimSuffix(about.Name, "Id")
	return isID(about) && !slices.ContainsFunc(t.columns, func(other listing.About) bool { return other.Name == stem+"Name" })
}

// heads returns the heads of the columns.
func (t teller) heads() []string {
	var heads []string
	for _, about := range t.columns {
		label := words.Label(t.language, about.Name)
		if t.named(about) {
			heads = append(heads, label)
		}
		switch {
		case isID(about):
			label += " (id)"
		case about.Kind == listing.Moment:
			label += " (" + t.zone.String() + ")"
		}
		heads = append(heads, label)
	}
	return heads
}

// ids returns the ids in rows for which names are to be looked up.
func (t teller) ids(items []Item) []string {
	var wanted []string
	for _, item := range items {
		for i, value := range item.Values() {
			if !t.named(t.columns[i]) {
				continue
			}
			for _, id := range idsIn(value) {
				if uuid.Validate(id) == nil {
					wanted = append(wanted, id)
				}
			}
		}
	}
	slices.Sort(wanted)
	return slices.Compact(wanted)
}

func idsIn(value any) []string {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	}
	return nil
}

// row returns the values of a row as texts.
func (t teller) row(values []any) []string {
	var cells []string
	for i, value := range values {
		about := t.columns[i]
		if t.named(about) {
			cells = append(cells, t.nameOf(value))
		}
		if isID(about) {
			cells = append(cells, strings.Join(idsIn(value), ", "))
			continue
		}
		cells = append(cells, t.say(about, value))
	}
	return cells
}

// nameOf returns the names of what ids stand for; an id whose name is not known is left out,
// as it stands beside.
func (t teller) nameOf(value any) string {
	var names []string
	for _, id := range idsIn(value) {
		switch name := t.names[id]; {
		case name != "":
			names = append(names, name)
		case id != "" && uuid.Validate(id) != nil:
			names = append(names, words.Part(t.language, id))
		}
	}
	return strings.Join(names, ", ")
}

// say returns a value as a text.
func (t teller) say(about listing.About, value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case bool:
		return words.Value(t.language, words.YesNo, v)
	case time.Time:
		return words.SheetTime(t.language, v.In(t.zone))
	case []string:
		said := make([]string, len(v))
		for i, each := range v {
			said[i] = t.word(about, each)
		}
		return strings.Join(said, ", ")
	case changesOf:
		return t.changes(v)
	case string:
		if about.Kind == listing.Day {
			return words.SheetDay(t.language, v)
		}
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil && about.Kind == listing.Moment {
			return words.SheetTime(t.language, at.In(t.zone))
		}
		return t.word(about, v)
	}
	return listing.Cell(value)
}

// word returns a text, in plain language where it is a value of a set.
func (t teller) word(about listing.About, value string) string {
	if set, ok := words.SetOf(about.Values); ok {
		return words.Value(t.language, set, value)
	}
	return words.FactValue(t.language, about.Name, value)
}

// changes says what an event changed.
func (t teller) changes(c changesOf) string {
	parts := make([]string, len(c.all))
	for i, change := range c.all {
		field := change.Field[strings.LastIndexByte(change.Field, '.')+1:]
		parts[i] = words.Field(t.language, field) + ": " + t.member(c.event, change.Field, change.Old) + " → " + t.member(c.event, change.Field, change.New)
	}
	return strings.Join(parts, "; ")
}

// member says the value of a member of an event.
func (t teller) member(event, field string, value *string) string {
	if value == nil {
		return ""
	}
	if at, err := time.Parse(time.RFC3339Nano, *value); err == nil {
		return words.SheetTime(t.language, at.In(t.zone))
	}
	return words.SheetDay(t.language, words.MemberValue(t.language, event, field, *value))
}
