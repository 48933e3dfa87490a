package listing

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// View is a row as clients see it at a time: an object whose members are its fields.
type View[Row any] struct {
	Fields []Field[Row]
	Row    *Row
	At     time.Time
}

// View returns a row of the list, or of the detail, as clients see it.
func (m Model[Row]) View(row Row, at time.Time, detail bool) View[Row] {
	fields := m.Fields
	if !detail {
		fields = m.listed()
	}
	return View[Row]{Fields: fields, Row: &row, At: at}
}

func (m Model[Row]) listed() []Field[Row] {
	for i, f := range m.Fields {
		if f.Detail {
			return m.Fields[:i] // the fields of the detail come last; see Check
		}
	}
	return m.Fields
}

// Check panics if the description makes no sense: two fields of one name, a story that
// does not exist, a field of the list after one of the detail, a default that is no order, an
// order by a field that is kept from some.
func (m Model[Row]) Check() Model[Row] {
	known := map[string]bool{}
	detail := false
	for _, f := range m.Fields {
		if known[f.Name] || detail && !f.Detail {
			panic(fmt.Sprintf("listing: %s: %s is there twice, or after a field of the detail", m.Table, f.Name))
		}
		if f.Audience != Everyone && f.Sortable() {
			panic(fmt.Sprintf("listing: %s: the order by %s would tell those from whom it is kept", m.Table, f.Name))
		}
		known[f.Name], detail = true, f.Detail
	}
	for _, f := range m.Fields {
		for _, name := range f.Story {
			if !known[name] && detail {
				panic(fmt.Sprintf("listing: %s: the story of %s names %s, which is no field", m.Table, f.Name, name))
			}
		}
	}
	if sorts := m.Sorts(); len(sorts) == 0 || sorts[0].Name != m.Default {
		panic(fmt.Sprintf("listing: %s has no order by %q", m.Table, m.Default))
	}
	return m
}

// Values returns the values of the fields, nil where one is null.
func (v View[Row]) Values() []any {
	values := make([]any, len(v.Fields))
	for i, f := range v.Fields {
		values[i] = f.Value(v.Row, v.At)
	}
	return values
}

// Cell returns a value as the text of a cell of the CSV for programs.
func Cell(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.UTC().Format(time.RFC3339)
	case []string:
		return strings.Join(v, " ")
	}
	return fmt.Sprint(value)
}

// Members returns the values by the names of their fields: nil where one is null, or where
// there is no view.
func (v *View[Row]) Members() map[string]any {
	if v == nil {
		return nil
	}
	all := make(map[string]any, len(v.Fields))
	for _, f := range v.Fields {
		all[f.Name] = f.Value(v.Row, v.At)
	}
	return all
}

// MarshalJSONTo writes the object.
func (v View[Row]) MarshalJSONTo(out *jsontext.Encoder) error {
	if err := out.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, f := range v.Fields {
		value := f.Value(v.Row, v.At)
		if value == nil && f.Absent {
			continue
		}
		if err := out.WriteToken(jsontext.String(f.Name)); err != nil {
			return err
		}
		if err := write(out, value); err != nil {
			return fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	return out.WriteToken(jsontext.EndObject)
}

func write(out *jsontext.Encoder, value any) error {
	switch v := value.(type) {
	case nil:
		return out.WriteToken(jsontext.Null)
	case string:
		return out.WriteToken(jsontext.String(v))
	case bool:
		return out.WriteToken(jsontext.Bool(v))
	case int64:
		return out.WriteToken(jsontext.Int(v))
	}
	return json.MarshalEncode(out, value)
}
