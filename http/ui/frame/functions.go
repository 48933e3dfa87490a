package frame

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"

	"github.com/mileusna/useragent"

	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// functions are what templates may call, in a language; see also timeFunctions.
func functions(l words.Language) template.FuncMap {
	return template.FuncMap{
		"t":     func(key words.Key, args ...any) (string, error) { return words.TryText(l, key, pointedAt(args)...) },
		"value": func(set words.Set, v any) string { return words.Value(l, set, pointed(v)) },
		"typed": func(v any) (string, error) { return words.ValueOf(l, v) },
		"badge": func(set words.Set, v any) badge {
			return badge{fmt.Sprint(pointed(v)), words.Value(l, set, pointed(v))}
		},
		"typedBadge": func(v any) (badge, error) {
			said, err := words.ValueOf(l, v)
			return badge{fmt.Sprint(v), said}, err
		},
		"field":      func(name string) string { return words.Field(l, name) },
		"label":      func(name string) string { return words.Label(l, name) },
		"icon":       icon,
		"wrongField": func(f problem.Field) string { return wrongField(l, f) },
		"date":       func(s string) string { return words.Day(l, s) },
		"subject":    func(template string) string { return words.Subject(l, template) },
		"browser":    browser,
		"dict":       dict,
		"list":       func(items ...any) []any { return items },
		"join":       strings.Join,
		"part":       part,
	}
}

// pointed returns what a pointer points at, nil for one that points at nothing. A template prints a
// field that is a pointer in the same way; as the argument of a function it would be an address.
func pointed(v any) any {
	at := reflect.ValueOf(v)
	for at.Kind() == reflect.Pointer {
		if at.IsNil() {
			return nil
		}
		at = at.Elem()
	}
	if !at.IsValid() {
		return nil
	}
	return at.Interface()
}

func pointedAt(args []any) []any {
	shown := make([]any, len(args))
	for i, arg := range args {
		shown[i] = pointed(arg)
	}
	return shown
}

// part draws a template by its name. Each page has its own, which knows the page's parts.
func part(name string, _ any) (template.HTML, error) {
	return "", fmt.Errorf("there is no page around the part %s", name)
}

// wrongField says what is wrong with a field, and which it is: most sentences fit any
// field. The sentence about the letter's code names it itself; "code" elsewhere is a rule's.
func wrongField(l words.Language, f problem.Field) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
	if !words.HasField(l, name) || name == "code" {
		return f.Detail
	}
	return words.Label(l, name) + ": " + f.Detail
}

// badge is a state, with the words for it.
type badge struct{ Value, Said string }

// dict makes a map of a template's arguments, for parts that take more than one.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict wants names before values")
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

// browser shortens a user agent to the name and the main version of the program. The whole
// of it is shown on hover.
func browser(userAgent string) string {
	program := useragent.Parse(userAgent)
	if program.VersionNo.Major == 0 {
		return program.Name
	}
	return fmt.Sprintf("%s %d", program.Name, program.VersionNo.Major)
}
