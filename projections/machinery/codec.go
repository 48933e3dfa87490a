package machinery

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// codec turns a row into the values that an engine stores, and back.
type codec[Row any] struct {
	columns []Column
	fields  [][]int // of the struct or one embedded in it, one a column
}

func newCodec[Row any](what string) codec[Row] {
	typ := reflect.TypeFor[Row]()
	if typ.Kind() != reflect.Struct {
		panic("projections: the row of " + what + " is not a struct")
	}
	var c codec[Row]
	for _, field := range reflect.VisibleFields(typ) {
		name, option, _ := strings.Cut(field.Tag.Get("db"), ",")
		if name == "" || name == "-" {
			continue
		}
		kind, ok := kindOf(field.Type)
		if !ok {
			panic(fmt.Sprintf("projections: %s of %s has a type that no column can hold", field.Name, what))
		}
		search := option == "search"
		if search && kind != Text || option != "" && option != "search" && option != "key" {
			panic(fmt.Sprintf("projections: %s of %s can't be %q", field.Name, what, option))
		}
		c.columns = append(c.columns, Column{Name: name, Kind: kind, Search: search})
		c.fields = append(c.fields, field.Index)
	}
	if len(c.columns) == 0 || c.columns[0].Kind != Text && c.columns[0].Kind != Int {
		panic("projections: the row of " + what + " must begin with its key, a string or an int64")
	}
	return c
}

func kindOf(t reflect.Type) (Kind, bool) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Time, true
	case t.Kind() == reflect.String:
		return Text, true
	case t.Kind() == reflect.Int64:
		return Int, true
	case t.Kind() == reflect.Bool:
		return Bool, true
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return Bytes, true
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return List, true
	}
	return "", false
}

// values returns what an engine stores of a row, a value for each column.
func (c codec[Row]) values(row *Row) []any {
	v := reflect.ValueOf(row).Elem()
	values := make([]any, len(c.fields))
	for i, field := range c.fields {
		values[i] = stored(c.columns[i].Kind, v.FieldByIndex(field))
	}
	return values
}

// key returns what an engine stores of the key of a row.
func (c codec[Row]) key(row *Row) any {
	return stored(c.columns[0].Kind, reflect.ValueOf(row).Elem().FieldByIndex(c.fields[0]))
}

func stored(kind Kind, f reflect.Value) any {
	switch kind {
	case Text:
		return storable(f.String())
	case Int:
		return f.Int()
	case Bool:
		return f.Bool()
	case Time:
		return TimeText(*f.Addr().Interface().(*time.Time)) // the field is of a row behind a pointer; a copy would be one more to collect
	case Bytes:
		if f.Len() == 0 {
			return []byte{}
		}
		return f.Bytes()
	default:
		return listText(f)
	}
}

// storable replaces what PostgreSQL cannot store in a text. It does so for both engines, so
// that they hold the same.
func storable(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "\uFFFD")
}

func listText(f reflect.Value) string {
	if f.Len() == 0 {
		return "[]"
	}
	list := make([]string, f.Len())
	for i := range list {
		list[i] = storable(f.Index(i).String())
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic("projections: a list of strings is always JSON: " + err.Error())
	}
	return string(text)
}

// bytes returns about how many bytes of memory a row takes.
func (c codec[Row]) bytes(row *Row) int {
	v := reflect.ValueOf(row).Elem()
	n := int(v.Type().Size())
	for i, field := range c.fields {
		switch c.columns[i].Kind {
		case Text, Bytes:
			n += v.FieldByIndex(field).Len()
		case List:
			list := v.FieldByIndex(field)
			for j := range list.Len() {
				n += list.Index(j).Len() + 16 // of the text's own head
			}
		}
	}
	return n
}

// row returns the row that an engine's values make.
func (c codec[Row]) row(values []any) (Row, error) {
	var row Row
	v := reflect.ValueOf(&row).Elem()
	for i, field := range c.fields {
		if err := setField(c.columns[i].Kind, v.FieldByIndex(field), values[i]); err != nil {
			return row, fmt.Errorf("column %s: %w", c.columns[i].Name, err)
		}
	}
	return row, nil
}

func setField(kind Kind, f reflect.Value, value any) error {
	switch v := value.(type) {
	case int64:
		f.SetInt(v)
	case bool:
		f.SetBool(v)
	case []byte:
		if len(v) > 0 {
			f.SetBytes(v)
		}
	case string:
		return setText(kind, f, v)
	default:
		return fmt.Errorf("a %T can't be a value", value)
	}
	return nil
}

func setText(kind Kind, f reflect.Value, text string) error {
	switch kind {
	case Time:
		t, err := ParseTime(text)
		if err != nil {
			return err
		}
		f.Set(reflect.ValueOf(t))
	case List:
		if text == "[]" {
			return nil
		}
		return json.Unmarshal([]byte(text), f.Addr().Interface())
	default:
		f.SetString(text)
	}
	return nil
}

// setKey writes a key into a new row.
func (c codec[Row]) setKey(row *Row, key string) {
	f := reflect.ValueOf(row).Elem().FieldByIndex(c.fields[0])
	if c.columns[0].Kind == Text {
		f.SetString(key)
		return
	}
	n, err := strconv.ParseInt(key, 10, 64)
	if err != nil {
		panic("projections: the key of an int64 column must be a number")
	}
	f.SetInt(n)
}

// timeLayout has a fixed width, so that times sort correctly when they are sorted as texts.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// TimeText returns a time as columns hold it: in UTC, cut to microseconds, and empty for the
// zero time.
func TimeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeLayout)
}

// ParseTime reads what TimeText wrote.
func ParseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("a stored time can't be read: %w", err)
	}
	return t.UTC(), nil
}
