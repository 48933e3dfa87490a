package commands_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"sleutelbos/internal/schema"
)

// TestF27_EveryTextHasOneForm gives each text that people write, of every command, in a spelling that
// is not its one form.
func TestF27_EveryTextHasOneForm(t *testing.T) {
	const line, lines, mail = "\u00a0Zoe\u0308\u2003", " Zoe\u0308\t\r\nJan\u2028\u00a0", " zoe@mu\u0308nchen.de "
	asked := map[string]int{}
	for _, c := range newHouse(t).All() {
		for name, member := range c.Body.Properties {
			given, want := line, "Zoë"
			switch {
			case !writtenByPeople(member) || name == "keyId": // the name of a key is its very characters
				continue
			case member.Lines:
				given, want = lines, "Zoë\nJan"
			case name == "email":
				given, want = mail, "zoe@xn--mnchen-3ya.de"
			case name == "username":
				want = "Zoe\u0308" // known by its very characters; claims compare the one form
				if c.Elsewhere {   // a sign-in, which looks for the one form anyway
					want = "Zoë"
				}
			case member.MaxLength == len("NL"):
				given, want = "\u00a0NL\u2003", "NL"
			}
			body := acceptable(c.Body)
			body[name] = given
			raw, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			decoded, err := c.Decode(raw)
			if err != nil {
				t.Errorf("%s: %s refuses %q: %v", c.Name, name, given, err)
				continue
			}
			raw, err = json.Marshal(decoded)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]any
			if err := json.Unmarshal(raw, &got); err != nil {
				t.Fatal(err)
			}
			if asked[name]++; got[name] != want {
				t.Errorf("%s: %s %q is taken as %q, want %q", c.Name, name, given, got[name], want)
			}
		}
	}
	for _, name := range []string{"name", "givenName", "surnamePrefix", "surname", "nickname", "email", "phone", "street", "city", "description", "reason", "username"} {
		if asked[name] == 0 {
			t.Errorf("no command was asked about %s, but about %v", name, slices.Sorted(maps.Keys(asked)))
		}
	}
}

// writtenByPeople says whether a member is a text of words.
func writtenByPeople(member *schema.Schema) bool {
	return isA("string", member) && member.Format == "" && len(member.Enum) == 0 && !member.WriteOnly
}

// acceptable returns a body with all that a command requires.
func acceptable(s *schema.Schema) map[string]any {
	body := map[string]any{}
	for name, member := range s.Properties {
		switch {
		case !slices.Contains(s.Required, name):
		case member.Format == "uuid":
			body[name] = id(1)
		case member.Format == "date":
			body[name] = "2030-01-01"
		case len(member.Enum) > 0:
			body[name] = member.Enum[0]
		case isA("boolean", member):
			body[name] = true
		case isA("integer", member):
			body[name] = 1
		case isA("array", member):
			body[name] = []any{}
		default:
			body[name] = strings.Repeat("x", max(member.MinLength, 1))
		}
	}
	if len(s.AnyOf) > 0 { // one of these, too
		body[s.AnyOf[0].Required[0]] = "x"
	}
	return body
}

func isA(kind string, s *schema.Schema) bool {
	kinds, several := s.Type.([]string)
	return s.Type == any(kind) || several && slices.Contains(kinds, kind)
}
