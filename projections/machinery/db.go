package machinery

import (
	"context"
	"errors"
	"iter"
	"time"

	"sleutelbos/eventstore"
)

// Reader is what the queries of read models ask of a rows engine. SQL is one text for both
// engines, with placeholders $1, $2 …; an argument may be a string, int, int64, bool,
// []byte, time.Time (compared as TimeText) or []string (as JSON, for InList).
type Reader interface {
	// Query yields the rows of a statement. Errors: ErrNotBuilt, and the engine's own.
	Query(ctx context.Context, sql string, args ...any) iter.Seq2[Scanner, error]

	// Contains answers the predicate "the column of the table holds the text", for a
	// column tagged search, and that the conditions beside it hold (a conjunction, or
	// empty): the text itself decides which index serves them best. Arg adds an argument
	// and answers its placeholder. The FROM clause must name the table without an alias.
	// Text and column are compared as they are: pass both through Searchable. An empty
	// text is held by every row.
	Contains(ctx context.Context, table, column, text, beside string, arg func(value any) string) (string, error)

	// InList answers the predicate "the expression is a member of the list", whose
	// placeholder's argument is a []string.
	InList(expression, placeholder string) string

	// Count answers how many rows of a read model fit; where is "" or begins with " WHERE ".
	Count(ctx context.Context, table, where string, args ...any) (int64, error)

	// HasMember answers the predicate "the list column has the member".
	HasMember(column, placeholder string) string
}

// Scanner is a row of a result, valid until the next.
type Scanner interface {
	Columns() []string
	// Scan takes pointers to string, int64, bool, []byte, float64 or any.
	Scan(dest ...any) error
}

// DB is a rows engine. Its drivers are rows/sqlite and rows/postgres; both pass rowstest.
// The methods beyond Reader are the runner's.
type DB interface {
	Reader

	// Table answers what stands under a name. False if nothing does.
	Table(ctx context.Context, name string) (Standing, bool, error)

	// Create makes an empty table under a physical name, in place of any that is there,
	// with a checkpoint at 0. Its indexes are made by Finish.
	Create(ctx context.Context, def Definition, physical string) error

	// Load yields the rows of a physical table that have one of the keys.
	Load(ctx context.Context, def Definition, physical string, keys []any) iter.Seq2[[]any, error]

	// Snapshot shows one state of a physical table: its checkpoint, and its rows in the
	// order of the key, bytewise or by number.
	Snapshot(ctx context.Context, def Definition, physical string, look func(Checkpoint, iter.Seq2[[]any, error]) error) error

	// Fill adds new rows to a table that no one else writes. It is no transaction.
	Fill(ctx context.Context, def Definition, physical string, rows [][]any) error

	// Apply writes rows and moves the checkpoint, both or neither. If the checkpoint is
	// not where the change begins, it changes nothing and answers ErrFenced.
	Apply(ctx context.Context, c Change) error

	// Finish makes the indexes of a filled table.
	Finish(ctx context.Context, def Definition, physical string) error

	// Switch puts a finished table in the place of the live one and moves the live
	// checkpoint to its own, in one transaction. If the live checkpoint is beyond, it
	// changes nothing and answers ErrFenced: readers never see an older state.
	Switch(ctx context.Context, def Definition, physical string, to Checkpoint) error

	// Remove drops a physical table and its bookkeeping, if it is there.
	Remove(ctx context.Context, physical string) error

	// Checkpoint answers how far a read model is; the zero if it never ran.
	Checkpoint(ctx context.Context, name string) (Checkpoint, error)

	// ReactorCheckpoint answers how far a reactor is; false if it never ran.
	ReactorCheckpoint(ctx context.Context, name string) (Checkpoint, bool, error)

	// SaveReactor moves a reactor's checkpoint, durably, by compare-and-set (ErrFenced).
	// From a position of NeverRan it makes the checkpoint. Reactors' checkpoints stand
	// apart from the read models, so that no rebuild and no lost read model repeats an
	// effect.
	SaveReactor(ctx context.Context, name string, from, to eventstore.Position, at time.Time) error

	// TryLock takes the lock of a name if no one else, in any process, holds it.
	TryLock(ctx context.Context, name string) (Lock, bool, error)
}

// NeverRan is the position of a reactor that has no checkpoint.
var NeverRan = eventstore.End

// Standing is a table that is there.
type Standing struct {
	Fingerprint string
	Checkpoint  Checkpoint
}

// Checkpoint says how far a read model is.
type Checkpoint struct {
	Position   eventstore.Position
	EventsDone int64 // events taken since the beginning of the log, those skipped included
	UpdatedAt  time.Time
}

// Change is what a batch of events does to a table.
type Change struct {
	Definition Definition
	Physical   string  // the table's name in the database, under which its checkpoint stands too
	Upserts    [][]any // whole rows, a value for each column
	Deletes    []any   // keys
	From       eventstore.Position
	To         Checkpoint
}

// Lock is held until it is released or lost.
type Lock interface {
	// Lost is closed when the lock may have passed to another.
	Lost() <-chan struct{}
	Release()
}

// The errors of a rows engine. Compare with errors.Is.
var (
	ErrFenced   = errors.New("another runner moved the checkpoint")
	ErrNotBuilt = errors.New("the read model is not built yet")
	ErrNoRow    = errors.New("there is no such row")
)
