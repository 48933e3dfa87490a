package api

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
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
	Personal             bool               `json:"x-personal,omitzero"`
}

// member is one field of a body, with the rules of its tags.
type member struct {
	index                []int // through embedded structs
	name, doc, format    string
	minLength, maxLength int
	enum                 []string
	required, secret     bool
}

// membersOf reads the tags of a body. A member without omitzero is required. Members of
// embedded structs are the body's own.
func membersOf(t reflect.Type) []member {
	var members []member
	for _, field := range reflect.VisibleFields(t) {
		tag := field.Tag
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		m := member{
			index: field.Index, name: name, doc: tag.Get("doc"), format: tag.Get("format"),
			minLength: number(tag.Get("minLength")), maxLength: number(tag.Get("maxLength")),
			required: !strings.Contains(options, "omit"), secret: tag.Get("secret") != "",
		}
		if enum := tag.Get("enum"); enum != "" {
			m.enum = strings.Split(enum, ",")
		}
		members = append(members, m)
	}
	return members
}

// number panics on a tag that is none: a fault of the program, found by every test.
func number(tag string) int {
	if tag == "" {
		return 0
	}
	n, err := strconv.Atoi(tag)
	if err != nil {
		panic("api: a tag is not a number: " + tag)
	}
	return n
}

// SchemaOf answers the JSON Schema of a Go type by its tags. Bodies are closed: a member
// that is not named is refused.
func SchemaOf(t reflect.Type) *Schema {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return &Schema{Type: "string", Format: "date-time"}
	case t == reflect.TypeFor[Schema](): // it holds itself
		return &Schema{Type: "object"}
	case t.Kind() == reflect.Pointer:
		return nullable(SchemaOf(t.Elem()))
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
		return &Schema{Type: "array", Items: SchemaOf(t.Elem())}
	case reflect.Map:
		return &Schema{Type: "object", AdditionalProperties: SchemaOf(t.Elem())}
	case reflect.Struct:
		return objectOf(t)
	default: // an interface: anything
		return &Schema{}
	}
}

func objectOf(t reflect.Type) *Schema {
	s := &Schema{Type: "object", Properties: map[string]*Schema{}, AdditionalProperties: false}
	for _, m := range membersOf(t) {
		p := SchemaOf(t.FieldByIndex(m.index).Type)
		p.Description, p.WriteOnly = m.doc, m.secret
		ruled := p
		if p.Items != nil {
			ruled = p.Items
		}
		if m.format != "" {
			ruled.Format = m.format
		}
		ruled.MinLength, ruled.MaxLength, ruled.Enum = m.minLength, m.maxLength, m.enum
		s.Properties[m.name] = p
		if m.required {
			s.Required = append(s.Required, m.name)
		}
	}
	slices.Sort(s.Required)
	return s
}

func nullable(s *Schema) *Schema {
	if name, ok := s.Type.(string); ok {
		s.Type = []string{name, "null"}
	}
	return s
}
