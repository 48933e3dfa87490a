// Package schema reads the tags of Go structs: it makes their JSON Schema, decodes JSON into
// them strictly, and holds what was decoded to the same rules. It knows neither HTTP nor what
// the structs are for.
//
// The tags are: json (a member without omitzero is required), format, minLength, maxLength,
// lines ("many": the text may have several), enum, doc (the description), secret (the member is never shown), text. What people write is
// brought into its canonical form, unless the member has a format, values or is secret; text is "mail" for a mail address, "trimmed" for what is known by its
// very characters, and "exact" for what is left as it is. enum lists the values, or
// is "values": then the member's type lists them itself, with a method Values. unless lists other
// members: a member that may be absent is required where none of them is given.
package schema

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Schema is the part of JSON Schema 2020-12 that our types need.
type Schema struct {
	Ref                  string             `json:"$ref,omitempty"`
	Type                 any                `json:"type,omitempty"` // a string, or a list where null is allowed
	Description          string             `json:"description,omitempty"`
	Format               string             `json:"format,omitempty"`
	Pattern              string             `json:"pattern,omitempty"`
	MinLength            int                `json:"minLength,omitzero"`
	MaxLength            int                `json:"maxLength,omitzero"`
	Enum                 []string           `json:"enum,omitempty"`
	Items                *Schema            `json:"items,omitempty"`
	Properties           map[string]*Schema `json:"properties,omitempty"`
	Required             []string           `json:"required,omitempty"`
	AdditionalProperties any                `json:"additionalProperties,omitempty"` // false, or a *Schema
	WriteOnly            bool               `json:"writeOnly,omitzero"`
	Minimum              *int               `json:"minimum,omitempty"`
	Maximum              *int               `json:"maximum,omitempty"`
	Default              any                `json:"default,omitempty"`
	Const                string             `json:"const,omitempty"`
	AllOf                []*Schema          `json:"allOf,omitempty"`
	AnyOf                []*Schema          `json:"anyOf,omitempty"`
	Personal             bool               `json:"x-personal,omitzero"`
	Lines                bool               `json:"x-lines,omitzero"` // the text may have several
}

// Member is one field of a body, with the rules of its tags.
type Member struct {
	Index                []int // through embedded structs
	Name, Doc, Format    string
	MinLength, MaxLength int
	Enum                 []string
	Required, Secret     bool
	Unless               []string // members of the same body: it is required where none of them is given
	Lines                bool     // the text may have several
	Text                 TextKind
}

// TextKind says what people write in a member.
type TextKind string

// The kinds of text.
const (
	Written TextKind = ""        // words: a line of them, or lines
	Trimmed TextKind = "trimmed" // a line of which every character counts
	Mail    TextKind = "mail"    // a mail address
	Exact   TextKind = "exact"   // nothing that people write: an id, a value, a secret
)

func textKindOf(tag reflect.StructTag) TextKind {
	kind := TextKind(tag.Get("text"))
	switch {
	case tag.Get("secret") != "" || tag.Get("format") != "" || tag.Get("enum") != "":
		return Exact
	case kind != Written && kind != Trimmed && kind != Mail && kind != Exact:
		panic("schema: no text is " + string(kind))
	}
	return kind
}

// MembersOf reads the tags of a body. A member without omitzero is required. Members of
// embedded structs are the body's own. All callers share the result, which must not be changed.
func MembersOf(t reflect.Type) []Member {
	if known, ok := membersByType.Load(t); ok {
		return known.([]Member)
	}
	members, _ := membersByType.LoadOrStore(t, membersOf(t))
	return members.([]Member)
}

// membersByType keeps []Member by reflect.Type, since each command validates its body and
// reading tags costs more than the validation. It has an entry for each type of a body: their
// number is fixed by the program.
var membersByType sync.Map

func membersOf(t reflect.Type) []Member {
	var members []Member
	for _, field := range reflect.VisibleFields(t) {
		tag := field.Tag
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		members = append(members, Member{
			Index: field.Index, Name: name, Doc: tag.Get("doc"), Format: tag.Get("format"),
			MinLength: number(tag.Get("minLength")), MaxLength: number(tag.Get("maxLength")), Enum: valuesOf(field),
			Required: !strings.Contains(options, "omit"), Secret: tag.Get("secret") != "", Lines: tag.Get("lines") != "", Text: textKindOf(tag),
			Unless: strings.FieldsFunc(tag.Get("unless"), func(r rune) bool { return r == ',' }),
		})
	}
	return members
}

// valuesOf returns the values that the enum tag of a field allows; none for a field without.
func valuesOf(field reflect.StructField) []string {
	switch tag := field.Tag.Get("enum"); tag {
	case "":
		return nil
	case "values":
		typed, ok := reflect.Zero(field.Type).Interface().(interface{ Values() []string })
		if !ok {
			panic("schema: " + field.Type.String() + " does not list its values")
		}
		return typed.Values()
	default:
		return strings.Split(tag, ",")
	}
}

// number panics on a tag that is none: a fault of the program, found by every test.
func number(tag string) int {
	if tag == "" {
		return 0
	}
	n, err := strconv.Atoi(tag)
	if err != nil {
		panic("schema: a tag is not a number: " + tag)
	}
	return n
}

// Of returns the JSON Schema of a Go type by its tags. Bodies are closed: a member
// that is not named is refused.
func Of(t reflect.Type) *Schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &Schema{Type: "string", Format: "date-time"}
	case t == reflect.TypeFor[Schema](): // it holds itself
		return &Schema{Type: "object"}
	case t.Kind() == reflect.Pointer:
		return nullable(Of(t.Elem()))
	}
	switch t.Kind() {
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.Int, reflect.Int32, reflect.Int64, reflect.Uint64:
		return &Schema{Type: "integer"}
	case reflect.Float64:
		return &Schema{Type: "number"}
	case reflect.Slice:
		return &Schema{Type: "array", Items: Of(t.Elem())}
	case reflect.Map:
		return &Schema{Type: "object", AdditionalProperties: Of(t.Elem())}
	case reflect.Struct:
		return objectOf(t)
	default: // an interface: anything
		return &Schema{}
	}
}

func objectOf(t reflect.Type) *Schema {
	s := &Schema{Type: "object", Properties: map[string]*Schema{}, AdditionalProperties: false}
	for _, m := range MembersOf(t) {
		p := Of(t.FieldByIndex(m.Index).Type)
		p.Description, p.WriteOnly, p.Lines = m.Doc, m.Secret, m.Lines
		ruled := p
		if p.Items != nil {
			ruled = p.Items
		}
		if m.Format != "" {
			ruled.Format = m.Format
		}
		ruled.MinLength, ruled.MaxLength, ruled.Enum = m.MinLength, m.MaxLength, m.Enum
		s.Properties[m.Name] = p
		if m.Required {
			s.Required = append(s.Required, m.Name)
		}
		if len(m.Unless) > 0 {
			s.AnyOf = anyRequired(append([]string{m.Name}, m.Unless...))
		}
	}
	slices.Sort(s.Required)
	return s
}

// anyRequired returns that one of the members at least is required.
func anyRequired(names []string) []*Schema {
	var alternatives []*Schema
	for _, name := range names {
		alternatives = append(alternatives, &Schema{Required: []string{name}})
	}
	return alternatives
}

func nullable(s *Schema) *Schema {
	if name, ok := s.Type.(string); ok {
		s.Type = []string{name, "null"}
	}
	return s
}
