package machinery

import (
	"errors"
	"fmt"
	"iter"
	"reflect"

	"sleutelbos/eventstore"
	"sleutelbos/internal/failure"
)

// Projection is a Table as the runner sees it.
type Projection interface {
	Name() string
	definition() Definition
	types() []reflect.Type
	takesEvery() bool
	newFolder(keep room) folder
}

// folder folds batches of events into rows in memory, and keeps rows between batches. For a
// batch it is asked to stage each event, for the rows that are missing, which its user loads
// from the table, to fold, for the changes, which its user writes, and at last to settle.
type folder interface {
	// stage notes which folds an event needs, and on which rows. If finding the key of a row
	// panics, stage returns an error.
	stage(t taken) error
	// missing returns the keys of the staged events' rows that are not in memory, except for
	// those of rows that are known not to be stored.
	missing() []any
	// loaded puts a stored row into memory.
	loaded(values []any) error
	// fold runs the staged folds. Its error is a *foldError with the event that failed.
	fold() error
	// changes returns the rows that were changed since the last settle.
	changes() changed
	// settle says that the changes are stored.
	settle()
	// full says that the changes since the last settle take a quarter of the room.
	full() bool
	// forget empties the memory, with the staged events. A new folder takes the table to be
	// empty; after forget it takes any row to be possibly stored.
	forget()
}

// room is how much of a table is kept in memory: so many rows at most, and so many bytes, which few
// large rows may take.
type room struct{ rows, bytes int }

// changed is what is to be written. The rows of inserts are known not to be stored yet.
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

// foldError says at which event a fold failed.
type foldError struct {
	rec eventstore.Recorded
	err error
}

func (e *foldError) Error() string { return e.err.Error() }

// recovered turns a panic of a fold into an error. It does not show the value of the panic,
// which may hold personal data of the event.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = &panicError{fmt.Sprintf("a fold panicked (%T)", r)}
	}
}

// panicError is a fault of the program.
type panicError struct{ text string }

func (e *panicError) Error() string { return e.text }

// Failure implements failure.Sorted.
func (*panicError) Failure() failure.Kind { return failure.Ours }

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

// foldStaged runs the staged folds. If one fails the error is a *faultError.
func foldStaged(f folder) error {
	err := f.fold()
	if failed, ok := errors.AsType[*foldError](err); ok {
		return faultAt(failed.rec, failed.Error())
	}
	return err
}
