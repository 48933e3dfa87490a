package audithistory

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// Change is one field, old and new, as text: dates and times as RFC 3339 in UTC.
type Change struct {
	Field string `json:"field"` // the member's name in the event
	Old   string `json:"old"`
	New   string `json:"new"`
}

// turned are the events whose very name is the change of a fact.
var turned = map[reflect.Type]Change{
	reflect.TypeFor[account.Blocked]():                {"blocked", "false", "true"},
	reflect.TypeFor[account.Unblocked]():              {"blocked", "true", "false"},
	reflect.TypeFor[account.Disabled]():               {"enabled", "true", "false"},
	reflect.TypeFor[account.Enabled]():                {"enabled", "false", "true"},
	reflect.TypeFor[account.Closed]():                 {"closed", "false", "true"},
	reflect.TypeFor[account.Expired]():                {"expired", "false", "true"},
	reflect.TypeFor[account.Activated]():              {"activated", "false", "true"},
	reflect.TypeFor[account.PasswordChangeRequired](): {"password_change_required", "false", "true"},
	reflect.TypeFor[organization.AdminAppointed]():    {"admin", "false", "true"},
	reflect.TypeFor[organization.AdminDismissed]():    {"admin", "true", "false"},
	reflect.TypeFor[organization.AdminStoodDown]():    {"admin_in_service", "true", "false"},
	reflect.TypeFor[organization.AdminRestored]():     {"admin_in_service", "false", "true"},
}

// plumbing are members that tie events together and tell a reader nothing.
var plumbing = map[string]bool{
	"reservation": true, "username_reservation": true, "credential_id": true, "code_credential_id": true,
	"letter_id": true, "account_id": true, "organization_id": true, "key_id": true, "request_id": true, "holder": true, "reason": true, "stream": true, "variables": true,
}

// Changes answers what an event changed. Every member of an event is a new value; where it
// replaced one, the old stands beside it as "old_<member>".
func Changes(event any) []Change {
	v := reflect.ValueOf(event)
	var changes []Change
	if c, ok := turned[v.Type()]; ok {
		changes = append(changes, c)
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
		if !plumbing[m.Field] && m.Old != m.New {
			changes = append(changes, m)
		}
	}
	if len(old) == 0 {
		return changes
	}
	collect(v, "", func(name, _ string) { // what was taken away has an old value only
		if field, ok := strings.CutPrefix(name, "old_"); ok && old[field] != "" && !plumbing[field] {
			changes = append(changes, Change{Field: field, Old: old[field]})
		}
	})
	return changes
}

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
