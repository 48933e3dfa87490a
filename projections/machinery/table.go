package machinery

import (
	"fmt"
	"reflect"
	"slices"

	"sleutelbos/eventstore"
)

// Table is a read model: the shape of its rows, and the folds that make them from events. All
// folds must be registered before the table is given to a runner.
type Table[Row any] struct {
	def   Definition
	codec codec[Row]
	steps map[reflect.Type][]step[Row]
	every []step[Row]
	first map[reflect.Type]bool // the events of Begins
}

// step is a fold of one row for an event. In steps of Every the event is nil.
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
// typed.Fold.
//
// The schema is SQL that both engines run, statements ended by semicolons, run after the
// table is made and filled. {table} stands for its physical name, {index} begins the name
// of every index: CREATE INDEX {index}_name ON {table} (name, id);
//
// It panics if the row or the name cannot be those of a table, which is a mistake in the
// program that shows at its start.
func NewTable[Row any](name, schema string) *Table[Row] {
	c := newCodec[Row](name)
	return &Table[Row]{
		def:   newDefinition(name, schema, c.columns),
		codec: c,
		steps: map[reflect.Type][]step[Row]{},
		first: map[reflect.Type]bool{},
	}
}

// Name returns the table's name.
func (t *Table[Row]) Name() string { return t.def.Name }

// FoundBy names the column by which what a search finds is mostly sorted, the one that says whose
// a row is, and the facts by which it is mostly filtered. An engine may keep searches ready by them, see Reader.First.
// It panics if there are too many facts, or if one is of a column that the table does not have.
func (t *Table[Row]) FoundBy(order, within string, facts ...Fact) *Table[Row] {
	if len(facts) > MostFacts {
		panic(fmt.Sprintf("projections: %s has %d facts", t.def.Name, len(facts)))
	}
	for _, f := range facts {
		if !slices.ContainsFunc(t.def.Columns, func(c Column) bool { return c.Name == f.Column }) {
			panic("projections: " + t.def.Name + " has no column " + f.Column)
		}
	}
	t.def.Order, t.def.Within, t.def.Facts = order, within, facts
	return t
}

// Columns returns the columns as a SELECT names them: "id, name, …".
func (t *Table[Row]) Columns() string { return t.def.columnList() }

// ColumnsOf returns the columns of a part of the row of a table, as a SELECT names them, for who
// shows no more than that part.
func ColumnsOf[Part any](table string) string {
	return newDefinition(table, "", newCodec[Part](table).columns).columnList()
}

// On folds every event E into the row that the key names. A key of "" skips the event. If
// there is no such row the fold gets the zero row. A fold must be pure. It must not keep or
// change what the event and the record point to, because others read them, too.
func On[Row, E any](t *Table[Row], key func(eventstore.Record) string, fold func(Row, E, eventstore.Record) Row) {
	OnKeyed(t, func(_ E, r eventstore.Record) string { return key(r) }, fold)
}

// OnKeyed does what On does, with a key that is taken from the event itself.
func OnKeyed[Row, E any](t *Table[Row], key func(E, eventstore.Record) string, fold func(Row, E, eventstore.Record) Row) {
	addStep(t, key, func(row Row, event any, r eventstore.Record) Row { return fold(row, event.(E), r) })
}

// Begins says that E is the first event of its row, so that no row is looked for in the table.
// If there were one all the same it would be lost.
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

// Every folds every event of the log, whatever its type. Personal members are not opened, and
// so a row may keep rec.Data and rec.Metadata as they are.
func Every[Row any](t *Table[Row], key func(eventstore.Record) string, fold func(Row, eventstore.Record) Row) {
	t.every = append(t.every, step[Row]{
		key:  func(_ any, r eventstore.Record) string { return key(r) },
		fold: func(row Row, _ any, r eventstore.Record) Row { return fold(row, r) },
	})
}

// ByStream returns the aggregate's id as the key.
func ByStream(r eventstore.Record) string { return r.AggregateID() }

// ByAccount returns the id of the account that the event concerns as the key. It skips events
// that concern no account.
func ByAccount(r eventstore.Record) string { return r.AccountID() }

// ByPosition returns the event's position as the key, for a table with a row for each event.
// Its key column is an int64.
func ByPosition(r eventstore.Record) string { return r.Position.String() }

// FoldAll folds events into rows by key, as the runner does but in memory, and returns the
// rows. It changes the map that it is given; with nil it begins without rows. Views of the
// past and tests use it.
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

// FoldOne folds events into the row of one key and ignores other keys. It returns false if
// there is no such row afterwards.
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

// stepsOf yields the steps of an event: those of its type, and then those of every event.
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
