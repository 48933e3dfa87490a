package catalog

import (
	"reflect"
	"slices"
	"strings"
)

// ties are the members that tie events and things together. They tell a reader of a history
// nothing, or are said elsewhere in the line.
var ties = []string{
	"reservation", "username_reservation", "credential_id", "code_credential_id", "letter_id", "account_id", "organization_id", "key_id",
	"request_id", "role_group_id", "holder", "reason", "stream", "variables", "kept_session", "name_order", "phone_number",
}

// Ties says whether a history leaves a member out, by its stored name.
func Ties(member string) bool { return slices.Contains(ties, member) }

// internal are members that tie our own parts together and are nobody else's business, beside
// the reservations.
var internal = []string{"credential_id", "code_credential_id", "holder"}

// Internal says whether a member is left out of the feed, by its stored name.
func Internal(member string) bool {
	return slices.Contains(internal, member) || strings.HasSuffix(member, "reservation")
}

// Members returns the stored names of an event's members, those of inner structs behind the
// outer's name and a dot.
func Members(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Type.Kind() == reflect.Struct && field.Type.PkgPath() != "time" {
			for _, inner := range Members(field.Type) {
				names = append(names, name+"."+inner)
			}
			continue
		}
		names = append(names, name)
	}
	return names
}
