package frame

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"sleutelbos/domain/typed"
	"sleutelbos/internal/schema"
)

// Decode fills the body of a command from the fields of a form that have the names of its
// members. Texts lose the spaces around them, but secrets are taken as they were typed. A
// member that is a pointer stays nil where the form has no field for it, and a list is left
// to the caller. Errors: those of BadForm, *schema.Error for a number that is none.
func Decode[Body any](r *http.Request) (Body, error) {
	var body Body
	if err := r.ParseForm(); err != nil {
		return body, BadForm(err)
	}
	v := reflect.ValueOf(&body).Elem()
	for _, m := range schema.MembersOf(v.Type()) {
		if err := decodeMember(v.FieldByIndex(m.Index), m, r); err != nil {
			return body, err
		}
	}
	return body, nil
}

// DecodeChanged is Decode without the texts that are held already, by the names of their
// members. What the reader may not see is held as an empty text, so no form takes away what it
// could not show.
func DecodeChanged[Body any](r *http.Request, held map[string]string) (Body, error) {
	body, err := Decode[Body](r)
	v := reflect.ValueOf(&body).Elem()
	for _, m := range schema.MembersOf(v.Type()) {
		typed, ok := reflect.TypeAssert[*string](v.FieldByIndex(m.Index))
		if ok && typed != nil && *typed == held[m.Name] {
			v.FieldByIndex(m.Index).SetZero()
		}
	}
	return body, err
}

func decodeMember(v reflect.Value, m schema.Member, r *http.Request) error {
	text := r.PostFormValue(m.Name)
	if !m.Secret {
		text = strings.TrimSpace(text)
	}
	if m.Lines {
		text = typed.Lines(text) // forms end lines with two characters
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(text != "")
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return &schema.Error{Malformed: true, Code: "whole-number-invalid", Fields: []schema.Field{{Pointer: "/" + m.Name, Code: "whole-number-invalid"}}}
		}
		v.SetInt(int64(n))
	case reflect.Pointer:
		if r.PostForm.Has(m.Name) {
			v.Set(reflect.New(v.Type().Elem()))
			return decodeMember(v.Elem(), m, r)
		}
	case reflect.Slice: // a list has a form of its own
	default:
		panic(fmt.Sprintf("ui: a form has no field of the kind of %s, %s", m.Name, v.Kind()))
	}
	return nil
}
