package api

import (
	"reflect"
	"slices"

	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery/listing"
)

// itemSchema returns the JSON Schema of what a query returns.
func itemSchema(s answers.Shape) *schema.Schema {
	if s.Type != nil {
		return schema.Of(s.Type)
	}
	return fieldsSchema(s.Fields)
}

// pageSchema returns the schema of a page of items.
func pageSchema(item *schema.Schema) *schema.Schema {
	page := schema.Of(reflect.TypeFor[Page]())
	page.Properties["items"].Items = item
	return page
}

// accountSchema returns the schema of an account with all its facts, or null.
func accountSchema(doc string) *schema.Schema {
	s := fieldsSchema(answers.Accounts.Whole.Abouts(true))
	s.Type, s.Description = []string{"object", "null"}, doc
	return s
}

func fieldsSchema(fields []listing.About) *schema.Schema {
	object := &schema.Schema{Type: "object", Properties: map[string]*schema.Schema{}, AdditionalProperties: false}
	for _, f := range fields {
		object.Properties[f.Name] = fieldSchema(f)
		if !f.Absent {
			object.Required = append(object.Required, f.Name)
		}
	}
	slices.Sort(object.Required)
	return object
}

func fieldSchema(f listing.About) *schema.Schema {
	s := &schema.Schema{Type: "string"}
	switch f.Kind {
	case listing.ID:
		s.Format = "uuid"
	case listing.Moment:
		s.Format = "date-time"
	case listing.OneOf:
		s.Enum = f.Values
	case listing.Flag:
		s.Type = "boolean"
	case listing.Number:
		s.Type = "integer"
	case listing.Texts:
		s = &schema.Schema{Type: "array", Items: s}
	case listing.IDs:
		s = &schema.Schema{Type: "array", Items: &schema.Schema{Type: "string", Format: "uuid"}}
	case listing.Text, listing.Actor, listing.Day:
	}
	if f.Null {
		s.Type = []string{s.Type.(string), "null"}
	}
	s.Description = f.Doc
	return s
}
