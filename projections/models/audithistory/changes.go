package audithistory

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
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
// replaced one, the old stands beside it as "old_<member>". The catalog says where it is otherwise.
func Changes(event any) []Change {
	about, _ := catalog.Of(event)
	var changes []Change
	if about.Turns.Fact != "" {
		changes = append(changes, Change{about.Turns.Fact, about.Turns.Old, about.Turns.New})
	}
	if e, ok := event.(single); ok {
		field, old, now := e.Changed()
		return append(changes, Change{field, old, now})
	}
	var members []Change
	at := map[string]int{} // index of a member, by its name
	collect(reflect.ValueOf(event), "", func(name, text string) {
		field, old := strings.CutPrefix(name, "old_")
		if catalog.Ties(field) || slices.Contains(about.Repeats, field) {
			return
		}
		i, known := at[field]
		if !known {
			i = len(members)
			at[field], members = i, append(members, Change{Field: field})
		}
		if old || field == about.Takes {
			members[i].Old = text
		} else {
			members[i].New = text
		}
	})
	for _, m := range members {
		if m.New == "" && m.Old == strconv.FormatBool(true) {
			m.New = strconv.FormatBool(false) // a flag that was taken back
		}
		if m.Old != m.New {
			changes = append(changes, m)
		}
	}
	return changes
}

// Repeated returns the members that an event tells although they stay as they were, by their names. They
// stand in its sentence.
func Repeated(event any) map[string]string {
	about, _ := catalog.Of(event)
	repeated := map[string]string{}
	if len(about.Repeats) == 0 {
		return repeated
	}
	collect(reflect.ValueOf(event), "", func(name, text string) {
		if slices.Contains(about.Repeats, name) {
			repeated[name] = text
		}
	})
	return repeated
}

// single is an event that changes one field of many, and names it in a member. A line of the history
// shows that field.
type single interface {
	Changed() (field, old, now string)
}

// brief is a member that grows with something else than the event's own matter. A line of the
// history has what Brief returns in its place.
type brief interface{ Brief() (field, text string) }

var membersByType sync.Map // type of a struct → []member; made once, never changed

// member is a field of an event by its JSON name.
type member struct {
	name  string
	maybe bool // an old value that need not be there; a zero one is none
}

func membersOf(t reflect.Type) []member {
	if known, ok := membersByType.Load(t); ok {
		return known.([]member)
	}
	members := make([]member, t.NumField())
	for i := range members {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		members[i] = member{name, strings.HasPrefix(name, "old_") && options != ""}
	}
	membersByType.Store(t, members)
	return members
}

// collect gives every member of a struct by its JSON name, those of inner structs with the
// outer's name before them.
func collect(v reflect.Value, prefix string, give func(name, text string)) {
	for i, m := range membersOf(v.Type()) {
		name, field := m.name, v.Field(i)
		if m.maybe && field.IsZero() {
			continue
		}
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
