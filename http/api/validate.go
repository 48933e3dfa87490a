package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"sleutelbos/http/problem"
)

// validate holds a body to the tags that its JSON Schema is made of: required (no
// omitzero), format, minLength, maxLength, enum. It writes UUIDs in lower case, so that
// one thing has one name. The refusal has the domain's codes and names every member.
func validate(body any) error {
	var wrong []problem.Field
	validateStruct(reflect.ValueOf(body).Elem(), "", &wrong)
	switch len(wrong) {
	case 0:
		return nil
	case 1:
		return problem.New(http.StatusUnprocessableEntity, wrong[0].Code, wrong...)
	}
	return problem.New(http.StatusUnprocessableEntity, "several-invalid", wrong...)
}

func validateStruct(v reflect.Value, pointer string, wrong *[]problem.Field) {
	for _, m := range membersOf(v.Type()) {
		validateValue(v.FieldByIndex(m.index), m, pointer+"/"+m.name, wrong)
	}
}

func validateValue(v reflect.Value, m member, pointer string, wrong *[]problem.Field) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			validateValue(v.Elem(), m, pointer, wrong)
		}
	case reflect.Slice:
		for i := range v.Len() {
			validateValue(v.Index(i), m, pointer+"/"+strconv.Itoa(i), wrong)
		}
	case reflect.String:
		if ending := m.refuses(v); ending != "" {
			*wrong = append(*wrong, problem.Field{Pointer: pointer, Code: kebab(m.name) + ending})
		}
	default: // booleans and numbers have no rules beyond their kind
	}
}

// refuses answers the ending of the refusal's code; empty if the string is acceptable.
func (m member) refuses(v reflect.Value) string {
	s := v.String()
	switch {
	case s == "" && !m.required:
		return ""
	case s == "":
		return "-required"
	case utf8.RuneCountInString(s) < m.minLength:
		return "-too-short"
	case m.maxLength > 0 && utf8.RuneCountInString(s) > m.maxLength:
		return "-too-long"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "-invalid"
	case len(m.enum) > 0 && !slices.Contains(m.enum, s):
		return "-invalid"
	}
	switch m.format {
	case "uuid":
		id, ok := parseID(s)
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

// parseID answers a UUID in its one spelling; false for anything else, also for the
// braces and prefixes that the library would take.
func parseID(s string) (string, bool) {
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
