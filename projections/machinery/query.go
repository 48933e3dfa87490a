package machinery

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Select returns all rows of a query. Columns are matched by name with the db tags of Row,
// which need not be the row of a table. A column without a field is an error.
func Select[Row any](ctx context.Context, db Reader, sql string, args ...any) ([]Row, error) {
	var rows []Row
	for row, err := range Each[Row](ctx, db, sql, args...) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// Each yields the rows of a query as they come. It matches columns as Select does.
func Each[Row any](ctx context.Context, db Reader, sql string, args ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var s *scan[Row]
		var none Row
		for result, err := range db.Query(ctx, sql, args...) {
			if err == nil && s == nil {
				s, err = newScan[Row](result.Columns())
			}
			if err != nil {
				yield(none, err)
				return
			}
			if err := s.next(result); err != nil {
				yield(none, err)
				return
			}
			if !yield(s.row, nil) {
				return
			}
		}
	}
}

// One returns the first row of a query, and ErrNoRow if there is none. It matches columns as
// Select does.
func One[Row any](ctx context.Context, db Reader, sql string, args ...any) (Row, error) {
	for row, err := range Each[Row](ctx, db, sql, args...) {
		return row, err
	}
	var none Row
	return none, ErrNoRow
}

// Get returns the one value of a query, and ErrNoRow if there is none. The value is a string,
// int64, bool, float64, []byte, time.Time or []string.
func Get[T any](ctx context.Context, db Reader, sql string, args ...any) (T, error) {
	var value T
	for result, err := range db.Query(ctx, sql, args...) {
		if err != nil {
			return value, err
		}
		d := newDestination(reflect.ValueOf(&value).Elem())
		if err := result.Scan(d.pointer); err != nil {
			return value, fmt.Errorf("read a value: %w", err)
		}
		return value, d.finish()
	}
	return value, ErrNoRow
}

// Argument returns an argument of a query in the form in which the engines take it.
func Argument(arg any) (any, error) {
	switch a := arg.(type) {
	case string:
		return storable(a), nil
	case int:
		return int64(a), nil
	case int64, bool, []byte:
		return a, nil
	case time.Time:
		return TimeText(a), nil
	}
	v := reflect.ValueOf(arg)
	if !v.IsValid() {
		return nil, fmt.Errorf("nil can't be an argument of a query: no column is ever NULL")
	}
	kind, ok := kindOf(v.Type())
	switch {
	case ok:
		return stored(kind, v), nil
	case v.CanInt():
		return v.Int(), nil
	case v.CanUint():
		return int64(v.Uint()), nil
	}
	return nil, fmt.Errorf("a %T can't be an argument of a query", arg)
}

// Searchable joins the parts by spaces, in the form in which people search: in lower case,
// without accents and control characters, and with single spaces.
func Searchable(parts ...string) string {
	text := strings.ToValidUTF8(strings.Join(parts, " "), "")
	plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), text)
	if err != nil {
		plain = text // does not happen for valid text; without the transformation it is still found as it was written
	}
	return strings.Join(strings.FieldsFunc(strings.ToLower(plain), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// scan reads the rows of a result one after another into the same Row. The field of each
// column is looked up once for the whole result.
type scan[Row any] struct {
	row      Row
	pointers []any
	later    []destination
}

var places sync.Map // placesKey → [][]int, the fields of the columns; an entry never changes

type placesKey struct {
	row     reflect.Type
	columns string
}

func newScan[Row any](columns []string) (*scan[Row], error) {
	fields, err := placesOf(reflect.TypeFor[Row](), columns)
	if err != nil {
		return nil, err
	}
	s := &scan[Row]{pointers: make([]any, len(fields))}
	v := reflect.ValueOf(&s.row).Elem()
	for i, field := range fields {
		d := newDestination(v.FieldByIndex(field))
		s.pointers[i] = d.pointer
		if d.text != nil || d.bytes != nil {
			s.later = append(s.later, d)
		}
	}
	return s, nil
}

func placesOf(row reflect.Type, columns []string) ([][]int, error) {
	key := placesKey{row, strings.Join(columns, ",")}
	if known, ok := places.Load(key); ok {
		return known.([][]int), nil
	}
	byName := map[string][]int{}
	for _, field := range reflect.VisibleFields(row) {
		if name, _, _ := strings.Cut(field.Tag.Get("db"), ","); name != "" {
			byName[name] = field.Index
		}
	}
	fields := make([][]int, len(columns))
	for i, column := range columns {
		field, ok := byName[column]
		if !ok {
			return nil, fmt.Errorf("the column %s has no field in %s", column, row)
		}
		fields[i] = field
	}
	places.Store(key, fields)
	return fields, nil
}

// next reads the present row of the result into s.row.
func (s *scan[Row]) next(result Scanner) error {
	var none Row
	s.row = none // the last row was given away, and with it what its slices point to
	if err := result.Scan(s.pointers...); err != nil {
		return fmt.Errorf("read a row: %w", err)
	}
	for _, d := range s.later {
		if err := d.finish(); err != nil {
			return err
		}
	}
	return nil
}

// destination is where the value of a column goes: straight into the field, or into a text
// from which finish makes the field's value.
type destination struct {
	pointer any
	text    *string
	bytes   *[]byte // for finish, which makes an empty slice nil: drivers differ in what they return
	field   reflect.Value
}

func newDestination(field reflect.Value) destination {
	kind, _ := kindOf(field.Type())
	switch p := field.Addr().Interface().(type) {
	case *string, *int64, *bool, *float64:
		return destination{pointer: p}
	case *[]byte:
		return destination{pointer: p, bytes: p}
	}
	if kind == Text || kind == Int || kind == Bool || kind == Bytes { // a named type
		return destination{pointer: field.Addr().Convert(reflect.PointerTo(plainTypes[kind])).Interface()}
	}
	text := new(string)
	return destination{pointer: text, text: text, field: field}
}

var plainTypes = map[Kind]reflect.Type{
	Text: reflect.TypeFor[string](), Int: reflect.TypeFor[int64](), Bool: reflect.TypeFor[bool](), Bytes: reflect.TypeFor[[]byte](),
}

func (d destination) finish() error {
	if d.bytes != nil && len(*d.bytes) == 0 {
		*d.bytes = nil
	}
	if d.text == nil {
		return nil
	}
	if kind, ok := kindOf(d.field.Type()); ok {
		return setText(kind, d.field, *d.text)
	}
	return json.Unmarshal([]byte(*d.text), d.field.Addr().Interface())
}
