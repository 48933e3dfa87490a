package catalog

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// notPersonal are the text members that say nothing about a person by themselves: ids,
// names of streams, dates, codes, and what an organization is known by. A new text
// member is either tagged `personal:"yes"` or added here, with thought.
var notPersonal = map[string]string{
	"every aggregate": "account_id credential_id code_credential_id key_id letter_id license_id organization_id request_id role_group_id holder",
	"account":         "username_reservation old_username_reservation valid_until old_valid_until country old_country prefix old_prefix kept_session role_group old_role_group",
	"person":          "from until old_from old_until",
	"organization":    "name domain reservation policies.time_zone value old_value time_zone old_time_zone" + senders,
	"license":         "name standard old_standard",
	"licenserequest":  "reservation standard",
	"region":          "name old_name region old_region reservation old_reservation",
	"rolegroup":       "name old_name reservation old_reservation description old_description", // of a permission
	"letter":          "subject",
	"message":         "template language variables error",
	"template":        "language subject body old_subject old_body", // an organization's own words, with placeholders for the personal
	"refusal":         "command code stream part event_type",
	"log":             "position root note",
	"pass":            "event_id event_type event_stream position digest",
}

// senders are what letters say of the house that writes them. It is no person.
const senders = " sender.name sender.department sender.street sender.postcode sender.city sender.postal_country sender.phone sender.email" +
	" old_sender.name old_sender.department old_sender.street old_sender.postcode old_sender.city old_sender.postal_country old_sender.phone old_sender.email"

// allowed says whether a member of an event of an aggregate is on the list. The name of
// an account's holder is personal; that of its API key is not.
func allowed(stored, member string) bool {
	aggregate, _, _ := strings.Cut(stored, ".")
	return stored == "account.api_key_issued.v1" && member == "name" || stored == "account.api_key_revoked.v1" && member == "old_name" ||
		slices.Contains(strings.Fields(notPersonal["every aggregate"]), member) ||
		slices.Contains(strings.Fields(notPersonal[aggregate]), member)
}

// texts calls see with every member that holds text. A named type is an enumeration: a
// closed list of words.
func texts(t reflect.Type, path string, tag reflect.StructTag, see func(path string, tag reflect.StructTag)) {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			if !field.IsExported() {
				continue
			}
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if path != "" {
				name = path + "." + name
			}
			texts(field.Type, name, field.Tag, see)
		}
	case reflect.Slice, reflect.Map, reflect.Pointer, reflect.Array:
		texts(t.Elem(), path, tag, see)
	case reflect.String:
		if t == reflect.TypeFor[string]() {
			see(path, tag)
		}
	case reflect.Uint8, reflect.Interface:
		see(path, tag) // bytes and anything may hold text
	}
}

func TestEveryTextIsPersonalOrKnownNotToBe(t *testing.T) {
	r := New()
	for _, name := range r.Names() {
		goType, _ := r.TypeOf(name)
		texts(goType, "", "", func(member string, tag reflect.StructTag) {
			personal := tag.Get("personal") == "yes"
			if personal && strings.Contains(member, ".") {
				t.Errorf("%s: %s is inside another member, where it would not be sealed", name, member)
			}
			if personal == allowed(name, member) {
				t.Errorf("%s: %s must be either personal or on the list of those that are not", name, member)
			}
		})
	}
}

func TestNoMemberIsASecret(t *testing.T) {
	secret := []string{"password", "secret", "token", "code", "hash", "key", "seed"}
	r := New()
	for _, name := range r.Names() {
		goType, _ := r.TypeOf(name)
		texts(goType, "", "", func(member string, _ reflect.StructTag) {
			if strings.HasSuffix(member, "_id") || strings.HasPrefix(name, "refusal.") && member == "code" { // a refusal's code is no secret
				return
			}
			for _, word := range strings.FieldsFunc(member, func(r rune) bool { return r == '_' || r == '.' }) {
				if slices.Contains(secret, word) {
					t.Errorf("%s: %s looks like a secret; name the credential's id", name, member)
				}
			}
		})
	}
}

// TestEveryEventOfTheDomainHasAName reads the source: an event is a type with a fold.
func TestEveryEventOfTheDomainHasAName(t *testing.T) {
	r := New()
	registered := map[string]bool{}
	for _, name := range r.Names() {
		goType, _ := r.TypeOf(name)
		registered[goType.String()] = true
	}
	files, err := filepath.Glob("../../domain/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	for _, file := range files {
		for _, event := range folded(t, file) {
			events++
			if !registered[event] {
				t.Errorf("%s has no stored name", event)
			}
		}
	}
	if events == 0 {
		t.Fatal("found no events")
	}
}

func folded(t *testing.T, file string) (events []string) {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range source.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if ok && f.Recv != nil && f.Name.Name == "evolve" {
			events = append(events, fmt.Sprintf("%s.%s", source.Name.Name, f.Recv.List[0].Type))
		}
	}
	return events
}
