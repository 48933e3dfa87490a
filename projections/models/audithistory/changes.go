package audithistory

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"sleutelbos/eventstore/catalog"
)

// Change is one field, old and new, as text: dates and times as RFC 3339 in UTC.
type Change struct {
	Field string `json:"field"` // the member's name in the event
	Old   string `json:"old"`
	New   string `json:"new"`
}

// Changes returns what an event changed. Every member of an event is a new value; where it
// replaced one, the old stands beside it as "old_<member>".
func Changes(event any) []Change {
	v := reflect.ValueOf(event)
	var changes []Change
	if about, ok := catalog.Of(event); ok && about.Turns.Fact != "" {
		changes = append(changes, Change{about.Turns.Fact, about.Turns.Old, about.Turns.New})
	}
	var old map[string]string // most events replace nothing
	var members []Change
	collect(v, "", func(name, text string) {
		if replaced, ok := strings.CutPrefix(name, "old_"); ok {
			if old == nil {
				old = map[string]string{}
			}
			old[replaced] = text
			return
		}
		members = append(members, Change{Field: name, New: text})
	})
	for _, m := range members {
		m.Old = old[m.Field]
		delete(old, m.Field)
		if !catalog.Ties(m.Field) && m.Old != m.New {
			changes = append(changes, m)
		}
	}
	if len(old) == 0 {
		return changes
	}
	collect(v, "", func(name, _ string) { // what was taken away has an old value only
		if field, ok := strings.CutPrefix(name, "old_"); ok && old[field] != "" && !catalog.Ties(field) {
			changes = append(changes, Change{Field: field, Old: old[field]})
		}
	})
	return changes
}

// brief is a member that grows with something else than the event's own matter. A line of the
// history has what Brief returns in its place.
type brief interface{ Brief() (field, text string) }

var memberNames sync.Map // type of a struct → []string, the JSON names of its fields; made once, never changed

func namesOf(t reflect.Type) []string {
	if names, ok := memberNames.Load(t); ok {
		return names.([]string)
	}
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
	}
	memberNames.Store(t, names)
	return names
}

// collect gives every member of a struct by its JSON name, those of inner structs with the
// outer's name before them.
func collect(v reflect.Value, prefix string, give func(name, text string)) {
	for i, name := range namesOf(v.Type()) {
		field := v.Field(i)
		if field.Type() == reflect.TypeFor[string]() {
			give(prefix+name, field.String())
			continue
		}
		if long, ok := field.Interface().(brief); ok {
			short, text := long.Brief()
			give(prefix+short, text)
			continue
		}
		if at, ok := field.Interface().(time.Time); ok {
			text := ""
			if !at.IsZero() {
				text = at.UTC().Format(time.RFC3339)
			}
			give(prefix+name, text)
			continue
		}
		switch field.Kind() {
		case reflect.Struct:
			collect(field, prefix+name+".", give)
		case reflect.Slice, reflect.Map:
			if names, ok := field.Interface().([]string); ok {
				give(prefix+name, strings.Join(names, ", "))
			} else if field.Len() > 0 {
				give(prefix+name, fmt.Sprint(field.Interface()))
			}
		default:
			give(prefix+name, fmt.Sprint(field.Interface()))
		}
	}
}
