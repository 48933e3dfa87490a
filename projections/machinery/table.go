package machinery

import (
	"reflect"

	"sleutelbos/eventstore"
)

// Table is a read model: its rows, and the folds that make them from events. What is
// registered must be so before the table is handed to a runner.
type Table[Row any] struct {
	def   Definition
	codec codec[Row]
	steps map[reflect.Type][]step[Row]
	every []step[Row]
	first map[reflect.Type]bool // see Begins
}

// step is one thing that an event does to a row. The event is nil in steps of Every.
type step[Row any] struct {
	key  func(event any, r eventstore.Record) string
	fold func(row Row, event any, r eventstore.Record) Row // nil removes the row
}

// NewTable returns a read model without folds. Its name is that of the table in SQL and
// ends in a version, e.g. "account_list_v1": it changes when the meaning of a row does.
//
// Row is a struct whose exported fields carry `db:"column"`. The first is the primary key
// (string or int64); the machinery sets it to the key of the event before the first fold.
// Fields are string, int64, bool, time.Time, []byte or []string, or named types of these;
// no column is ever NULL: the zero value is stored as ” (0, false, an empty blob, '[]').
// Times are stored as text in UTC with microseconds ("2006-01-02T15:04:05.000000Z", zero
// is ”), lists as JSON text, so that both engines compare and sort alike, bytewise.
// A string tagged `db:"column,search"` is searched by part (Reader.Contains); fill it with
// Searchable.
//
// The schema is SQL that both engines run, statements ended by semicolons, run after the
// table is made and filled. {table} stands for its physical name, {index} begins the name
// of every index: CREATE INDEX {index}_name ON {table} (name, id);
//
// It panics on a row or name that can't be a table: a fault of the program, found at start.
func NewTable[Row any](name, schema string) *Table[Row] {
	c := newCodec[Row](name)
	return &Table[Row]{
		def:   newDefinition(name, schema, c.columns),
		codec: c,
		steps: map[reflect.Type][]step[Row]{},
		first: map[reflect.Type]bool{},
	}
}

// Name answers the table's name.
func (t *Table[Row]) Name() string { return t.def.Name }

// Columns answers the columns as a SELECT names them: "id, name, …".
func (t *Table[Row]) Columns() string { return t.def.columnList() }

// On folds every event E into the row that the key names; a key of "" skips the event. A
// fold on a key without a row begins with the zero row. It must be pure, and must not
// keep or change what the event and the record point to: others read them too.
func On[Row, E any](t *Table[Row], key func(eventstore.Record) string, fold func(Row, E, eventstore.Record) Row) {
	OnKeyed(t, func(_ E, r eventstore.Record) string { return key(r) }, fold)
}

// OnKeyed is On for a key that the event holds.
func OnKeyed[Row, E any](t *Table[Row], key func(E, eventstore.Record) string, fold func(Row, E, eventstore.Record) Row) {
	addStep(t, key, func(row Row, event any, r eventstore.Record) Row { return fold(row, event.(E), r) })
}

// Begins says that E is the first event of the rows that it touches, so that none is looked
// for: a row that stood there all the same would be lost.
func Begins[E, Row any](t *Table[Row]) { t.first[reflect.TypeFor[E]()] = true }

// Drop removes the row that the key names when E happens.
func Drop[Row, E any](t *Table[Row], key func(E, eventstore.Record) string) {
	addStep(t, key, nil)
}

func addStep[Row, E any](t *Table[Row], key func(E, eventstore.Record) string, fold func(Row, any, eventstore.Record) Row) {
	typ := reflect.TypeFor[E]()
	t.steps[typ] = append(t.steps[typ], step[Row]{
		key:  func(event any, r eventstore.Record) string { return key(event.(E), r) },
		fold: fold,
	})
}

// Every folds every event of the log, whatever its type, as it was stored: nothing is
// opened, so a row may keep rec.Data and rec.Metadata as they are.
func Every[Row any](t *Table[Row], key func(eventstore.Record) string, fold func(Row, eventstore.Record) Row) {
	t.every = append(t.every, step[Row]{
		key:  func(_ any, r eventstore.Record) string { return key(r) },
		fold: func(row Row, _ any, r eventstore.Record) Row { return fold(row, r) },
	})
}

// ByStream keys by the aggregate's id.
func ByStream(r eventstore.Record) string { return r.AggregateID() }

// ByAccount keys by the account that the event concerns; it skips one that concerns none.
func ByAccount(r eventstore.Record) string { return r.AccountID() }

// ByPosition keys by the event's position, for a row an event. The key column is an int64.
func ByPosition(r eventstore.Record) string { return r.Position.String() }

// FoldAll folds events into rows by key, in memory, and answers the rows. It changes the
// map that it is given; nil begins without rows. It is what the runner does, without a
// database: for a view as of then, and for tests.
func (t *Table[Row]) FoldAll(rows map[string]Row, entries ...eventstore.Entry) map[string]Row {
	if rows == nil {
		rows = map[string]Row{}
	}
	for _, e := range entries {
		for s := range t.stepsOf(e.Event) {
			if key := s.key(e.Event, e.Record); key != "" {
				t.foldInto(rows, key, s, e)
			}
		}
	}
	return rows
}

// FoldOne folds events into the one row of a key, skipping what concerns other keys; false
// if there is no row after them.
func (t *Table[Row]) FoldOne(key string, entries ...eventstore.Entry) (Row, bool) {
	rows := map[string]Row{}
	for _, e := range entries {
		for s := range t.stepsOf(e.Event) {
			if s.key(e.Event, e.Record) == key {
				t.foldInto(rows, key, s, e)
			}
		}
	}
	row, ok := rows[key]
	return row, ok
}

func (t *Table[Row]) foldInto(rows map[string]Row, key string, s step[Row], e eventstore.Entry) {
	if s.fold == nil {
		delete(rows, key)
		return
	}
	row, ok := rows[key]
	if !ok {
		t.codec.setKey(&row, key)
	}
	rows[key] = s.fold(row, e.Event, e.Record)
}

// stepsOf yields the steps of an event, those of its type before those of every event.
func (t *Table[Row]) stepsOf(event any) func(func(step[Row]) bool) {
	return func(yield func(step[Row]) bool) {
		for _, steps := range [2][]step[Row]{t.steps[reflect.TypeOf(event)], t.every} {
			for _, s := range steps {
				if !yield(s) {
					return
				}
			}
		}
	}
}
