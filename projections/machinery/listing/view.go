package listing

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// View is a row as clients see it at a time: an object whose members are its fields.
type View[Row any] struct {
	Fields []Field[Row]
	Row    *Row
	At     time.Time
}

// View returns a row of the list, or of the detail, as clients see it.
func (m *Model[Row]) View(row *Row, at time.Time, detail bool) View[Row] {
	fields := m.Fields
	if !detail {
		fields = m.ready().listed
	}
	return View[Row]{Fields: fields, Row: row, At: at}
}

// Check panics if the description makes no sense: two fields of one name, a story that
// does not exist, a field of the list after one of the detail, a default that is no order, an
// order by a field that is kept from some. A model is used as Check returns it.
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
	m.made = m.make()
	if sorts := m.Sorts(); len(sorts) == 0 || sorts[0].Name != m.Default {
		panic(fmt.Sprintf("listing: %s has no order by %q", m.Table, m.Default))
	}
	return m
}

// Values returns the values of the fields, nil where one is null.
func (v View[Row]) Values() []any {
	values := make([]any, len(v.Fields))
	for i := range v.Fields {
		values[i] = v.Fields[i].Value(v.Row, v.At)
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
	for i := range v.Fields {
		all[v.Fields[i].Name] = v.Fields[i].Value(v.Row, v.At)
	}
	return all
}

// MarshalJSONTo writes the object.
func (v View[Row]) MarshalJSONTo(out *jsontext.Encoder) error {
	object, err := v.AppendJSON(out.AvailableBuffer())
	if err != nil {
		return err
	}
	return out.WriteValue(object)
}

// AppendJSON appends the object to a text, for who writes many of them.
func (v View[Row]) AppendJSON(b []byte) ([]byte, error) {
	b = append(b, '{')
	first := true
	for i := range v.Fields {
		f := &v.Fields[i]
		value := f.shown(v.Row, v.At)
		if value.is == isNone && f.Absent {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		var err error
		if b, err = jsontext.AppendQuote(b, f.Name); err == nil {
			b, err = value.appendJSON(append(b, ':'))
		}
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	return append(b, '}'), nil
}
