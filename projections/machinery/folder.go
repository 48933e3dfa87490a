package machinery

import (
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"reflect"

	"sleutelbos/eventstore"
)

// Projection is a Table as the runner sees it.
type Projection interface {
	Name() string
	definition() Definition
	types() []reflect.Type
	takesEvery() bool
	newFolder(keep int) folder
}

// folder folds batches of events into rows in memory, and remembers rows between batches.
type folder interface {
	// stage notes what an event does. A fold that panics is an error.
	stage(t taken) error
	// missing answers the keys that the staged events touch and memory doesn't hold, but
	// not those of which it knows that no row is stored.
	missing() []any
	// loaded puts a stored row into memory.
	loaded(values []any) error
	// fold does what was staged. The error names the place of the event that failed.
	fold() error
	// changes answers the rows that folds changed since the last settle.
	changes() changed
	// settle says that the changes are stored.
	settle()
	// dirty counts the rows changed since the last settle.
	dirty() int
	// forget empties the memory, staged events included. From then on any row may be stored;
	// until then only those that were settled.
	forget()
}

// changed is what is to be written. New rows are known not to be stored yet.
type changed struct {
	upserts, inserts [][]any
	deletes          []any
}

func (t *Table[Row]) definition() Definition { return t.def }

func (t *Table[Row]) types() []reflect.Type {
	var types []reflect.Type
	for typ := range t.steps {
		types = append(types, typ)
	}
	return types
}

func (t *Table[Row]) takesEvery() bool { return len(t.every) > 0 }

// newFolder returns a folder that remembers about so many rows. In memory a row that is
// known not to be stored is remembered too.
func (t *Table[Row]) newFolder(keep int) folder {
	return &folding[Row]{table: t, keep: keep, young: map[string]*remembering[Row]{}, seed: maphash.MakeSeed(), settled: map[uint64]struct{}{}}
}

type folding[Row any] struct {
	table *Table[Row]
	keep  int
	// Two generations: when the young fills up it becomes the old, which is forgotten.
	young, old map[string]*remembering[Row]
	staged     []stagedStep[Row]
	unknown    []string
	touched    []*remembering[Row]
	// The hashes of the keys that were settled, nil if they are not known: a rebuild need
	// not look for a row that it never wrote. Two keys of one hash cost a look in vain.
	settled map[uint64]struct{}
	seed    maphash.Seed
}

// remembering is a row in memory.
type remembering[Row any] struct {
	row     Row
	key     string
	exists  bool
	stored  bool // it may stand in the database
	changed bool
	single  bool // its key is the position of the event that made it
}

type stagedStep[Row any] struct {
	taken taken
	step  step[Row]
	at    *remembering[Row]
}

func (f *folding[Row]) forget() {
	f.young, f.old = map[string]*remembering[Row]{}, nil
	f.staged, f.unknown, f.touched, f.settled = nil, nil, nil, nil
}

func (f *folding[Row]) stage(t taken) (err error) {
	defer recovered(&err)
	before := len(f.staged)
	defer func() {
		if err != nil {
			f.staged = f.staged[:before]
		}
	}()
	for s := range f.table.stepsOf(t.event) {
		if key := s.key(t.event, t.record); key != "" {
			f.staged = append(f.staged, stagedStep[Row]{t, s, f.at(key, t)})
		}
	}
	return nil
}

// at answers the place of a key in memory. A row whose key is the event's own position, or
// that the event begins, can't be there already: no earlier event knew of it.
func (f *folding[Row]) at(key string, t taken) *remembering[Row] {
	if r, ok := f.young[key]; ok {
		return r
	}
	r, ok := f.old[key]
	if !ok {
		r = &remembering[Row]{key: key}
		r.single = f.table.def.Key().Kind == Int && key == ByPosition(t.record)
		if !r.single && !f.table.first[reflect.TypeOf(t.event)] && f.maybeStored(key) {
			f.unknown = append(f.unknown, key)
		}
	}
	f.young[key] = r
	return r
}

// maybeStored answers whether a row of a key may stand in the table. Of rows by position
// too many go by to note each.
func (f *folding[Row]) maybeStored(key string) bool {
	if f.settled == nil || f.table.def.Key().Kind == Int {
		return true
	}
	_, ok := f.settled[maphash.String(f.seed, key)]
	return ok
}

func (f *folding[Row]) missing() []any {
	keys := make([]any, 0, len(f.unknown))
	for _, key := range f.unknown {
		keys = append(keys, f.keyValue(key))
	}
	f.unknown = f.unknown[:0]
	return keys
}

func (f *folding[Row]) keyValue(key string) any {
	var row Row
	f.table.codec.setKey(&row, key)
	return f.table.codec.values(&row)[0]
}

func (f *folding[Row]) loaded(values []any) error {
	row, err := f.table.codec.row(values)
	if err != nil {
		return fmt.Errorf("load a row of %s: %w", f.table.Name(), err)
	}
	key, ok := values[0].(string)
	if !ok {
		key = fmt.Sprint(values[0])
	}
	if r, ok := f.young[key]; ok {
		r.row, r.exists, r.stored = row, true, true
	}
	return nil
}

func (f *folding[Row]) fold() error {
	for i := range f.staged {
		if err := f.run(&f.staged[i]); err != nil {
			return &foldError{f.staged[i].taken.record.Recorded, err}
		}
	}
	clear(f.staged)
	f.staged = f.staged[:0]
	return nil
}

func (f *folding[Row]) run(s *stagedStep[Row]) (err error) {
	defer recovered(&err)
	r := s.at
	if s.step.fold == nil {
		var none Row
		r.row, r.exists = none, false
	} else {
		if !r.exists {
			f.table.codec.setKey(&r.row, r.key)
			r.exists = true
		}
		r.row = s.step.fold(r.row, s.taken.event, s.taken.record)
	}
	if !r.changed {
		r.changed = true
		f.touched = append(f.touched, r)
	}
	return nil
}

func (f *folding[Row]) dirty() int { return len(f.touched) }

func (f *folding[Row]) changes() changed {
	var c changed
	for _, r := range f.touched {
		switch {
		case r.exists && r.stored:
			c.upserts = append(c.upserts, f.table.codec.values(&r.row))
		case r.exists:
			c.inserts = append(c.inserts, f.table.codec.values(&r.row))
		case r.stored:
			c.deletes = append(c.deletes, f.keyValue(r.key))
		}
	}
	return c
}

func (f *folding[Row]) settle() {
	for _, r := range f.touched {
		r.changed, r.stored = false, r.exists
		if r.single { // it is hardly ever touched again
			delete(f.young, r.key)
		} else if f.settled != nil {
			f.settled[maphash.String(f.seed, r.key)] = struct{}{}
		}
	}
	clear(f.touched)
	f.touched = f.touched[:0]
	if len(f.young) >= f.keep/2 {
		f.young, f.old = make(map[string]*remembering[Row], f.keep/2), f.young
	}
}

// foldError says at which event a fold failed.
type foldError struct {
	rec eventstore.Recorded
	err error
}

func (e *foldError) Error() string { return e.err.Error() }

// recovered turns a panic of a fold into an error; what it panicked with may hold values
// of the event and is not shown.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("a fold panicked (%T)", r)
	}
}

// lookUp loads stored rows into a folder.
func lookUp(rows iter.Seq2[[]any, error], f folder) error {
	for values, err := range rows {
		if err != nil {
			return err
		}
		if err := f.loaded(values); err != nil {
			return err
		}
	}
	return nil
}

// foldStaged does what was staged; a fold that fails is a *faultError.
func foldStaged(f folder) error {
	err := f.fold()
	if failed, ok := errors.AsType[*foldError](err); ok {
		return faultAt(failed.rec, failed.Error())
	}
	return err
}
