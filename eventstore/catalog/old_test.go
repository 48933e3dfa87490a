package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/person"
	"sleutelbos/domain/region"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/domain/session"
)

// unseen are the parts of a state that no history shows: what ties it to other things, and what the
// rules count for themselves.
var unseen = []string{
	"password_id", "given_password_id", "activation.credential_id", "activation.code_credential_id", "activation.letter_id",
	"username_reservation", "reservation", "holder", "renewed", "epoch", "had_role", "revoked_since",
}

// told are the values that an event replaces without a member for the old one, and why nothing is
// missing.
var told = map[string]string{
	"account.activation_sent.v1 activation.attempt":          "the number of this sending, which was the one before until now",
	"account.activation_sent.v1 activation.tries_left":       "a new code has all its tries; those of the old one are not its predecessor",
	"account.activation_superseded.v1 activation.tries_left": "the tries end with the code",
	"account.activation_sent.v1 activation.expired":          "old_expires_at says that the one before had run out",
	"account.activation_superseded.v1 activation.expired":    "only one that still counts is superseded",
	"account.activation_expired.v1 activation.expired":       "expired_at says so; the next activation is another one",
	"account.credentials_handed_over.v1 handed_over":         "old_method",
	"account.activation_sent.v1 channel":                     "by which way it was sent",
	"account.password_chosen.v1 handed_over":                 "how the password before was handed over goes with it",
	"account.password_set_by_admin.v1 handed_over":           "how the password before was handed over goes with it",
	"account.password_changed.v1 handed_over":                "how the password before was handed over goes with it",
	"account.api_key_issued.v1 api_keys":                     "a key that was not there before",
	"account.api_key_issued.v1 name":                         "the name of the key, not of the account",
	"account.api_key_revoked.v1 api_keys":                    "old_name and old_prefix",
	"account.role_assigned.v1 roles":                         "a role that was not there before",
	"account.role_revoked.v1 roles":                          "old_role_group",
	"licenserequest.approved.v1 license_id":                  "which license was asked for",
	"licenserequest.rejected.v1 license_id":                  "which license was asked for",
	"licenserequest.withdrawn.v1 license_id":                 "which license was asked for",
	"organization.admin_appointed.v1 admins":                 "somebody who was none before; its turn",
	"organization.admin_restored.v1 admins":                  "old_because",
	"organization.domain_allowed.v1 domains":                 "a domain that was not there before",
	"organization.domain_withdrawn.v1 domains":               "the domain that it takes",
	"license.standard_added.v1 standards":                    "a standard that was not there before",
	"license.revoked.v1 holders":                             "whose it was, and why not any more",
	"message.failed.v1 attempts":                             "its member is the number of this attempt",
	"organization.admin_dismissed.v1 admins":                 "its turn",
	"organization.admin_stood_down.v1 admins":                "its turn; an administrator in service has no reason to be out of it",
	"person.employment_started.v1 employments":               "one that was not there before",
	"region.user_removed.v1 users":                           "old_region says which region the user had",
	"rolegroup.permission_described.v1 descriptions":         "old_description",
	"rolegroup.permission_granted.v1 permissions":            "a permission that was not there before",
	"template.changed.v1 texts":                              "old_subject and old_body",
	"reservation.claimed.v1 kind":                            "the stream of a name has one kind for ever",
}

// TestF6_EveryChangeHasOldAndNew lets every event of the catalog happen to a thing that has a value
// everywhere. What the event replaces must be in it as an old value, so that a line of the history
// shows it; a flag that is turned both ways must be shown both ways; and a member that tells what
// was so before must not look like a change.
func TestF6_EveryChangeHasOldAndNew(t *testing.T) {
	needed := map[string]bool{}
	folds := folds()
	for _, a := range Aggregates() {
		if a.Name == "refusal" || a.Name == "log" || a.Name == "pass" {
			continue // nothing has a state there that is ever replaced
		}
		fold, ok := folds[a.Name]
		if !ok {
			t.Errorf("nobody folds the events of %s here", a.Name)
			continue
		}
		turned := map[string]map[bool]bool{}
		for _, e := range a.Events {
			for path, now := range fold(e).flags {
				if turned[path] == nil {
					turned[path] = map[bool]bool{}
				}
				turned[path][now] = true
			}
		}
		for _, e := range a.Events {
			if e.Before {
				continue
			}
			did := fold(e)
			for path := range did.flags {
				if len(turned[path]) == 2 && !showsFlag(e, path) && !slices.Contains(unseen, path) && !excused(needed, e, path) {
					t.Errorf("%s turns %s, which others turn back, without a Turn or an old member", e.Name, path)
				}
			}
			for _, path := range did.replaced {
				if !has(e, "old_", path) && !takes(e, path) && !slices.Contains(unseen, path) && !excused(needed, e, path) {
					t.Errorf("%s replaces %s and does not say what it was", e.Name, path)
				}
			}
			for _, path := range did.left {
				if has(e, "", path) && !repeats(e, path) && !Ties(path) && !slices.Contains(unseen, path) && !excused(needed, e, path) {
					t.Errorf("%s tells %s, which it leaves as it was: say that it Repeats it", e.Name, path)
				}
			}
		}
	}
	for what, why := range told {
		if !needed[what] || why == "" {
			t.Errorf("the exception %q (%s) is not needed", what, why)
		}
	}
}

func excused(needed map[string]bool, e Event, path string) bool {
	_, ok := told[e.Name+" "+path]
	needed[e.Name+" "+path] = true
	return ok
}

// showsFlag says whether an event's turn, or a member, shows a flag of the state. Two facts of the
// history have another name there.
func showsFlag(e Event, path string) bool {
	fact := path
	switch path {
	case "disabled":
		fact = "enabled"
	case "shielded":
		fact = "internal_employee"
	}
	return e.Turns.Fact == fact || has(e, "old_", path)
}

// has says whether an event has a member for a value of the state: "min_length" of
// "policies.min_length".
func has(e Event, prefix, path string) bool {
	return slices.ContainsFunc(Members(e.Type), func(member string) bool {
		name, ok := strings.CutPrefix(member, prefix)
		return ok && within(name, path)
	})
}

func within(member, path string) bool { return path == member || strings.HasSuffix(path, "."+member) }

func takes(e Event, path string) bool { return e.Takes != "" && within(e.Takes, path) }
func repeats(e Event, path string) bool {
	return slices.ContainsFunc(e.Repeats, func(member string) bool { return within(member, path) })
}

// deed is what an event does to a state that has a value everywhere.
type deed struct {
	replaced []string        // values that are others afterwards, or none
	left     []string        // values that are as they were
	flags    map[string]bool // how flags stand afterwards that stood otherwise
}

func folds() map[string]func(Event) deed {
	return map[string]func(Event) deed{
		"account":        folder(account.Decider),
		"organization":   folder(organization.Decider),
		"license":        folder(license.Decider),
		"licenserequest": folder(licenserequest.Decider),
		"letter":         folder(letter.Decider),
		"message":        folder(message.Decider),
		"person":         folder(person.Decider),
		"region":         folder(region.Decider),
		"template":       folder(mailtemplate.Decider),
		"rolegroup":      folder(rolegroup.Decider),
		"reservation":    folder(reservation.Decider),
		"session":        folder(session.Decider),
	}
}

// folder returns what the events of a decider do.
func folder[S, C, E any](d domain.Decider[S, C, E]) func(Event) deed {
	return func(e Event) deed {
		example := exampleFor[E](e)
		did := deed{flags: map[string]bool{}}
		if begins(d, example) {
			return did // nothing was there before
		}
		for _, flags := range []bool{true, false} {
			var before S
			fill(reflect.ValueOf(&before).Elem(), "", flags)
			was, is := flat(before), flat(d.Evolve(before, example))
			for path, value := range was {
				switch now := is[path]; {
				case value == fmt.Sprint(!flags) || value == "":
				case now == "true" || now == "false":
					if now != value {
						did.flags[path] = now == "true"
					}
				case now != value:
					did.replaced = append(did.replaced, path)
				case value != "true" && value != "false":
					did.left = append(did.left, path)
				}
			}
		}
		return did
	}
}

// begins says whether a thing is there only since the event.
func begins[S, C, E any](d domain.Decider[S, C, E], event E) bool {
	var nothing S
	after := reflect.ValueOf(d.Evolve(nothing, event)).FieldByName("Exists")
	return after.IsValid() && after.Bool()
}

func exampleFor[E any](e Event) E {
	i := slices.IndexFunc(examples, func(example any) bool { return reflect.TypeOf(example) == e.Type })
	return examples[i].(E) //nolint:forcetypeassert // each aggregate's events are of its own kind
}

// fill gives every field of a struct a value that no example has.
func fill(v reflect.Value, name string, flags bool) {
	switch v.Kind() {
	case reflect.Struct:
		switch v.Interface().(type) {
		case time.Time:
			v.Set(reflect.ValueOf(time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)))
			return
		case domain.Set:
			v.Set(reflect.ValueOf(domain.Set{}.With(accountID)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name, flags)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for _, key := range []string{accountID, apiKeyID, "voorbeeld.nl", roleGroupID} {
			value := reflect.New(v.Type().Elem()).Elem()
			fill(value, name, flags)
			v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), value)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name, flags)
	case reflect.String:
		v.SetString("before " + name)
	case reflect.Int:
		v.SetInt(97)
	case reflect.Bool:
		v.SetBool(flags)
	default:
		panic("catalog: a state has a " + v.Type().String())
	}
}

// flat returns the values of a state by their paths, in the manner of stored names.
func flat(state any) map[string]string {
	values := map[string]string{}
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		at, isTime := v.Interface().(time.Time)
		if _, isSet := v.Interface().(domain.Set); v.Kind() != reflect.Struct || isTime || isSet {
			values[path] = fmt.Sprint(v.Interface())
			if isTime {
				values[path] = at.String()
			}
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			inner := path
			if !field.Anonymous {
				inner = strings.TrimPrefix(path+"."+snake(field.Name), ".")
			}
			walk(v.Field(i), inner)
		}
	}
	walk(reflect.ValueOf(state), "")
	return values
}

func snake(name string) string {
	name = strings.NewReplacer("ID", "Id", "API", "Api").Replace(name)
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}
