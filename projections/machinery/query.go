package machinery

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// Collector takes the rows of a result while the result is open. Only this package makes one
// that does anything, so nobody else's code runs meanwhile: it can neither ask another query,
// which would wait for a second connection while it holds the first, nor write to a client, who
// may take as long as they like.
type Collector struct {
	take func(Scanner) (more bool, err error)
}

// Take takes a row and says whether the next one is wanted.
func (c Collector) Take(row Scanner) (more bool, err error) { return c.take(row) }

// Select returns all rows of a query. Columns are matched by name with the db tags of Row,
// which need not be the row of a table. A column without a field is an error. A list without
// a bound is read in pages, see the package listing.
func Select[Row any](ctx context.Context, db Reader, sql string, args ...any) ([]Row, error) {
	return rowsOf[Row](ctx, db, 0, sql, args)
}

// One returns the first row of a query, and ErrNoRow if there is none. It matches columns as
// Select does.
func One[Row any](ctx context.Context, db Reader, sql string, args ...any) (Row, error) {
	rows, err := rowsOf[Row](ctx, db, 1, sql, args)
	if err == nil && len(rows) == 0 {
		err = ErrNoRow
	}
	if err != nil {
		var none Row
		return none, err
	}
	return rows[0], nil
}

// rowsOf returns the first rows of a query; with most 0 it returns all.
func rowsOf[Row any](ctx context.Context, db Reader, most int, sql string, args []any) ([]Row, error) {
	var rows []Row
	var s *scan[Row]
	into := Collector{func(result Scanner) (bool, error) {
		if s == nil {
			var err error
			if s, err = newScan[Row](result.Columns()); err != nil {
				return false, err
			}
		}
		if err := s.next(result); err != nil {
			return false, err
		}
		rows = append(rows, s.row)
		return len(rows) != most, nil
	}}
	if err := db.Query(ctx, into, sql, args...); err != nil {
		return nil, err
	}
	return rows, nil
}

// Get returns the one value of a query, and ErrNoRow if there is none. The value is a string,
// int64, bool, float64, []byte, time.Time or []string.
func Get[T any](ctx context.Context, db Reader, sql string, args ...any) (T, error) {
	var value T
	found := false
	into := Collector{func(result Scanner) (bool, error) {
		found = true
		d := newDestination(reflect.ValueOf(&value).Elem())
		if err := result.Scan(d.pointer); err != nil {
			return false, fmt.Errorf("read a value: %w", err)
		}
		return false, d.finish()
	}}
	err := db.Query(ctx, into, sql, args...)
	if err == nil && !found {
		err = ErrNoRow
	}
	return value, err
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
