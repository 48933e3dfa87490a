package schema

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"sleutelbos/domain/typed"
)

// Validate holds a body, given as a pointer to its struct, to the tags that its JSON Schema is
// made of: required (no omitzero, or unless), format, minLength, maxLength, enum. It writes UUIDs in lower
// case, so that one thing has one name, and one line feed for each end of a line. The refusal has the domain's codes and names every
// member that is wrong.
func Validate(body any) error {
	var wrong []Field
	validateStruct(reflect.ValueOf(body).Elem(), &wrong)
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return &Error{Code: wrong[0].Code, Fields: wrong}
	}
	return &Error{Code: "several-invalid", Fields: wrong}
}

func validateStruct(v reflect.Value, wrong *[]Field) {
	members := MembersOf(v.Type())
	for _, m := range members {
		if len(m.Unless) > 0 {
			m.Required = !slices.ContainsFunc(members, func(other Member) bool {
				return slices.Contains(m.Unless, other.Name) && typed.Visible(v.FieldByIndex(other.Index).String())
			})
		}
		validateValue(v.FieldByIndex(m.Index), m, "", wrong)
	}
}

// validateValue validates one member, or the part of it that below names ("/0" of a list).
func validateValue(v reflect.Value, m Member, below string, wrong *[]Field) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			validateValue(v.Elem(), m, below, wrong)
		}
	case reflect.Slice:
		for i := range v.Len() {
			validateValue(v.Index(i), m, below+"/"+strconv.Itoa(i), wrong)
		}
	case reflect.String:
		if ending := m.refuses(v); ending != "" {
			*wrong = append(*wrong, Field{Pointer: "/" + m.Name + below, Code: kebab(m.Name) + ending, Most: m.most(ending)})
		}
	case reflect.Bool, reflect.Int: // have no rules beyond their kind
	default:
		panic("schema: " + m.Name + " is of a kind that has no rules: " + v.Type().String())
	}
}

// most returns how many characters the member may have, for a refusal that is about that.
func (m Member) most(ending string) int {
	if ending == "-too-long" {
		return m.MaxLength
	}
	return 0
}

// refuses returns the ending of the refusal's code; empty if the string is acceptable.
func (m Member) refuses(v reflect.Value) string {
	s := m.canonical(v.String())
	v.SetString(s)
	switch {
	case s == "" && !m.Required:
		return ""
	case s == "":
		return "-required"
	case utf8.RuneCountInString(s) < m.MinLength:
		return "-too-short"
	case m.MaxLength > 0 && utf8.RuneCountInString(s) > m.MaxLength:
		return "-too-long"
	case strings.ContainsFunc(s, m.foreign):
		return "-invalid"
	case len(m.Enum) > 0 && !slices.Contains(m.Enum, s):
		return "-invalid"
	}
	switch m.Format {
	case "uuid":
		id, ok := ParseID(s)
		if !ok {
			return "-invalid"
		}
		v.SetString(id)
	case "date":
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "-invalid"
		}
	}
	return ""
}

// foreign reports whether a character may not be in a text.
func (m Member) foreign(r rune) bool {
	return unicode.IsControl(r) && !(m.Lines && (r == '\n' || r == '\t'))
}

// canonical returns a text in its one spelling. What shows nothing is nothing.
func (m Member) canonical(text string) string {
	switch {
	case m.Text == Exact || !utf8.ValidString(text):
		return text
	case !typed.Visible(text):
		return ""
	case m.Lines:
		return typed.Lines(text)
	case m.Text == Mail:
		return typed.Mail(text)
	case m.Text == Trimmed:
		return strings.TrimSpace(text)
	}
	return typed.Line(text)
}

// ParseID returns a UUID in its one spelling; false for anything else, also for the braces
// and prefixes that the library would take.
func ParseID(s string) (string, bool) {
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return "", false
	}
	return id.String(), true
}

// kebab turns a member's name into the domain's manner of codes.
func kebab(camel string) string {
	var b strings.Builder
	for _, r := range camel {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
