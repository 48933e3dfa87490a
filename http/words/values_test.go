package words

import (
	"reflect"
	"strings"
	"testing"
	"text/template/parse"

	"sleutelbos/domain"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/catalog"
)

// otherwise are the enumerations whose words are elsewhere: the subjects of the mails, and the
// texts of the pages.
var otherwise = map[reflect.Type]bool{reflect.TypeFor[message.Template](): true, reflect.TypeFor[organization.Preset](): true}

// TestEveryEnumerationOfAnEventIsASet ranges over the members of every event.
func TestEveryEnumerationOfAnEventIsASet(t *testing.T) {
	found := 0
	var look func(name string, typ reflect.Type)
	look = func(name string, typ reflect.Type) {
		switch {
		case typ.Implements(reflect.TypeFor[domain.Enumeration]()) && !otherwise[typ]:
			if found++; byType[typ] == "" {
				t.Errorf("%s has a %s, which is no set", name, typ)
			}
		case typ.Kind() == reflect.Slice:
			look(name, typ.Elem())
		case typ.Kind() == reflect.Struct && typ.PkgPath() != "time":
			for field := range typ.Fields() {
				look(name, field.Type)
			}
		}
	}
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			look(e.Name, e.Type)
		}
	}
	if found < 10 {
		t.Errorf("found %d only: the search misses some", found)
	}
}

func TestASetSaysEachOfItsValues(t *testing.T) {
	word := catalog.Says{NL: "gebruiker", EN: "user"}
	for want, make := range map[string]func(){
		"the color red is not said in every language":  func() { checked(map[Set]said{"color": {"blue": word}}, plain("color", "blue", "red")) },
		"the color blue is not said in every language": func() { checked(map[Set]said{"color": {"blue": {NL: "blauw"}}}, plain("color", "blue")) },
		"green is said and is no color":                func() { checked(map[Set]said{"color": {"blue": word, "green": word}}, plain("color", "blue")) },
		"the values of taste are said": func() {
			checked(map[Set]said{"color": {"blue": word}, "taste": {"sweet": word}}, plain("color", "blue"))
		},
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
			}()
			make()
		}()
	}
}

func TestMemberValue(t *testing.T) {
	for _, c := range []struct{ event, member, value, want string }{
		{"account.created.v1", "role", "admin", "beheerder"},
		{"account.created.v1", "name", "open", "open"}, // a name is no word of ours
		{"account.created.v1", "mailToAdmin", "true", "ja"},
		{"account.blocked.v1", "blocked", "true", "ja"},
		{"account.password_change_required.v1", "passwordChangeRequired", "true", "ja"},
		{"organization.registered.v1", "policies.usernameRule", "unique", "vrij, uniek"},
		{"message.queued.v1", "template", "invitation", "Uitnodiging voor een account"},
		{"organization.admin_restored.v1", "because", "blocked", "geblokkeerd"}, // it has nothing but the old one
		{"account.password_changed.v1", "passwordChangeRequired", "true", "ja"},
		{"letter.invalidated.v1", "because", "expired", "verlopen"},
		{"never.heard_of.v1", "role", "admin", "admin"},
	} {
		if got := MemberValue(Dutch, c.event, c.member, c.value); got != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.member, c.event, got, c.want)
		}
	}
}

// TestABookRefusesWhatIsNotThere reads templates that ask for what nobody says.
func TestABookRefusesWhatIsNotThere(t *testing.T) {
	functions := map[string]any{"t": Text, "field": Field, "value": Value, "print": Text}
	for text, want := range map[string]string{
		`{{t "nobody.says"}}`:                         "the template page uses the text nobody.says, which nobody says",
		`{{if .X}}{{else}}{{t "nobody.says"}}{{end}}`: "the text nobody.says",
		`{{template "x" (print (t "nobody.says"))}}`:  "the text nobody.says",
		`{{t (print "act." .Key)}}`:                   "puts a key together",
		`{{t "some.*" .Key}}`:                         "uses the family some.*, whose members nobody declared",
		`{{field "nothing"}}`:                         "names the field nothing",
		`{{value "nothing" .X}}`:                      "names a set that there is not",
		`{{value .X}}`:                                "names a set that there is not",
	} {
		trees, err := parse.Parse("page", text, "", "", functions)
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("%s: got %q, want %q", text, got, want)
				}
			}()
			b := NewBook()
			b.Template("page", trees["page"].Root)
			b.Close()
		}()
	}
}

func TestF31_NoTwoSetsHaveTheSameValues(t *testing.T) {
	for set, e := range enumerations {
		if found, _ := SetOf(e.values); found != set {
			t.Errorf("%s and %s have the same values: which words a column has is left to chance", set, found)
		}
	}
}
