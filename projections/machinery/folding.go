package machinery

import (
	"fmt"
	"hash/maphash"
	"reflect"
)

// newFolder returns a folder for an empty table that keeps about so much of it in memory.
// Among the rows can be some that are known not to be stored.
func (t *Table[Row]) newFolder(keep room) folder {
	return &folding[Row]{table: t, keep: keep, young: map[string]*remembering[Row]{}, seed: maphash.MakeSeed(), settled: map[uint64]struct{}{}}
}

// folding is the folder of a table.
type folding[Row any] struct {
	table *Table[Row]
	keep  room
	// Rows are kept in two generations. When the young one is full it becomes the old one, and
	// the old one is forgotten.
	young, old map[string]*remembering[Row]
	youngBytes int // of the rows in young
	dirtyBytes int // of the rows in touched
	staged     []stagedStep[Row]
	unknown    []string
	touched    []*remembering[Row]
	// settled has the hashes of all keys that were ever written, so that a rebuild does not
	// look into the table for a row that it never wrote. It is nil if they are not known, or are
	// more than mostSettled. Two keys with the same hash cost only a look in vain.
	settled map[uint64]struct{}
	seed    maphash.Seed
}

// mostSettled is how many keys are known to be written, some 60 MB of them.
const mostSettled = 1 << 21

// remembering is a row in memory.
type remembering[Row any] struct {
	row     Row
	bytes   int
	key     string
	exists  bool
	stored  bool // the table may have it
	changed bool // since the last settle
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
	f.youngBytes, f.dirtyBytes = 0, 0
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

// at returns the place of a key in memory, and notes whether its row has to be looked for in
// the table. It need not be if the key is the event's own position or if the event begins the
// row, because no earlier event can have made it.
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
	f.youngBytes += r.bytes
	return r
}

// maybeStored says whether the table may have a row with the key. For rows by position the
// answer is always yes: there are too many of them to remember each.
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
	return f.table.codec.key(&row)
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
		f.weigh(r)
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
	before := r.bytes
	f.weigh(r)
	if r.changed {
		f.dirtyBytes += r.bytes - before
		return nil
	}
	r.changed = true
	f.touched = append(f.touched, r)
	f.dirtyBytes += r.bytes
	return nil
}

// weigh notes how many bytes a row in the young generation takes.
func (f *folding[Row]) weigh(r *remembering[Row]) {
	before := r.bytes
	r.bytes = len(r.key) + f.table.codec.bytes(&r.row)
	f.youngBytes += r.bytes - before
}

func (f *folding[Row]) full() bool {
	return len(f.touched) >= f.keep.rows/4 || f.dirtyBytes >= f.keep.bytes/4
}

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
		if r.single { // hardly any other event changes it
			delete(f.young, r.key)
			f.youngBytes -= r.bytes
		} else if f.settled != nil {
			f.settled[maphash.String(f.seed, r.key)] = struct{}{}
		}
	}
	clear(f.touched)
	f.touched, f.dirtyBytes = f.touched[:0], 0
	if len(f.settled) > mostSettled {
		f.settled = nil
	}
	if len(f.young) >= f.keep.rows/2 || f.youngBytes >= f.keep.bytes/2 {
		f.young, f.old, f.youngBytes = make(map[string]*remembering[Row], len(f.young)), f.young, 0
	}
}
