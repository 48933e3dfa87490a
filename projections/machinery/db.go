package machinery

import (
	"context"
	"errors"
	"iter"
	"time"

	"sleutelbos/eventstore"
)

// Reader is what queries of read models need of a rows engine. The text of a query is the same
// for both engines, with placeholders $1, $2 …. An argument is a string, int, int64, bool,
// []byte, time.Time (passed as TimeText) or []string (passed as JSON, for InList).
type Reader interface {
	// Query gives the rows of a statement to a collector, until it wants no more, and lets the
	// connection go. Errors: ErrNotBuilt, those of the collector, and the engine's own.
	Query(ctx context.Context, into Collector, sql string, args ...any) error

	// Contains returns the predicate "the column of the table contains each of the words, and the
	// conditions of beside hold". The column is tagged search; beside is a conjunction or
	// empty. It is passed in because the words decide which index serves all of them best.
	// The function arg adds an argument and returns its placeholder. The FROM clause must
	// name the table without an alias. Words and column are compared as they are, so that
	// both must have been folded (typed.Words, typed.Fold). Every row contains no words.
	Contains(ctx context.Context, table, column string, words []string, beside string, arg func(value any) string) (string, error)

	// First is Contains for whoever wants the first rows that are found. Its predicate may leave out
	// rows that come behind all that it keeps, as long as as many are in as are wanted.
	// Fewer may fit what is asked for beside, so that more must be asked for.
	First(ctx context.Context, f First, arg func(value any) string) (Firsts, error)

	// CountFound counts the rows that Contains finds, of whose conditions args are the arguments. If
	// they are more than it cares to count it returns a number that they are at least, and true.
	CountFound(ctx context.Context, f Found, args ...any) (n int64, more bool, err error)

	// Named returns the predicate "the key, an expression, is the id of a row of the table that
	// Contains finds". It is for rows that are found by what another table knows of them. There
	// is at least one word.
	Named(ctx context.Context, table, column string, words []string, beside, key string, arg func(value any) string) (string, error)

	// InList returns the predicate "the expression is a member of the list". The argument
	// of the placeholder is a []string.
	InList(expression, placeholder string) string

	// Count returns how many rows of a read model fit; where is "" or begins with " WHERE ".
	Count(ctx context.Context, table, where string, args ...any) (int64, error)

	// CountUpTo is Count that stops counting at a number.
	CountUpTo(ctx context.Context, most int, table, where string, args ...any) (int64, error)

	// HasMember returns the predicate "the list column has the member".
	HasMember(column, placeholder string) string
}

// Found is what a search asks for, see Reader.Contains.
type Found struct {
	Table, Column string
	Words         []string
	Beside        []Condition
	Within        string // whose rows beside asks for, by Within, see Table.FoundBy; empty for all
}

// Judge returns the judge of what is asked for beside, see Condition.Judge.
func (f Found) Judge(facts []Fact, owned bool) Judge {
	if len(f.Beside) == 0 {
		return Judge{kind: within} // every row fits
	}
	return And(f.Beside...).Judge(facts, owned)
}

// And returns what is asked for beside as SQL, empty if it is nothing.
func (f Found) And() string {
	if len(f.Beside) == 0 {
		return ""
	}
	return And(f.Beside...).SQL
}

// Place is where a row stands in an order.
type Place struct {
	Value string // what is sorted by
	Key   string // breaks ties
}

// First is what is wanted of what is found.
type First struct {
	Found
	Order      string // the column of the order; its ties are broken by the key
	Descending bool
	After      *Place // the row behind which they begin; nil for the beginning
	Wanted     int    // how many that fit are wanted,
	Most       int    // among so many that contain the words, where facts don't tell whether they fit
}

// Firsts is what First finds.
type Firsts struct {
	Predicate string
	All       bool // it leaves out no row
	Few       bool // it keeps hardly more rows than are wanted, so that they are better read at once than sorted before
}

// MostCounted is how many rows of a search are counted. Who finds more wants to know no more than
// that, and to count what many rows hold would take as long as there are rows.
const MostCounted = 1_000

// Scanner is a row of a result. It is valid until the next row is asked for.
type Scanner interface {
	Columns() []string
	// Scan takes pointers to string, int64, bool, []byte, float64 or any.
	Scan(dest ...any) error
}

// Standings are the read models as they are asked: their rows, and how far each has come.
type Standings interface {
	Reader
	// Checkpoint returns how far a read model has come. It is zero if it never ran.
	Checkpoint(ctx context.Context, name string) (Checkpoint, error)
}

// DB is a rows engine. Its drivers are rows/sqlite and rows/postgres; both pass rowstest. Read
// models query through Reader; the rest is for the runner, whose connections are others again.
type DB interface {
	Reader
	Tables
	// Streams returns the read models for whoever reads page after page for a client. It has
	// connections of its own, so that however many do that, who asks for one page does not
	// wait for them.
	Streams() Standings
	ReactorCheckpoints

	// TryLock takes the lock of a name, unless somebody in this or another process holds it.
	TryLock(ctx context.Context, name string) (Lock, bool, error)
}

// Tables are the tables of the read models. A physical table is one with its name in the
// database: that of the read model for the live table, another for one that is being built.
type Tables interface {
	// Table returns what stands under a name, and false if nothing does.
	Table(ctx context.Context, name string) (Standing, bool, error)

	// Checkpoint returns how far a read model has come. It is zero if it never ran.
	Checkpoint(ctx context.Context, name string) (Checkpoint, error)

	// Create makes an empty table under a physical name, with the zero checkpoint. It
	// replaces a table of that name. Finish makes its indexes.
	Create(ctx context.Context, def Definition, physical string) error

	// Fill adds new rows to a table that nobody else writes. It is not one transaction.
	Fill(ctx context.Context, def Definition, physical string, rows [][]any) error

	// Finish makes the indexes of a filled table.
	Finish(ctx context.Context, def Definition, physical string) error

	// Switch puts a finished table in the place of the live one, and moves the live
	// checkpoint to that of the finished table, in one transaction. If the live checkpoint
	// is further it changes nothing and returns ErrFenced, so that readers never see an
	// older state. It returns ErrHeld if somebody reads the live table for longer than others
	// may be kept waiting.
	Switch(ctx context.Context, def Definition, physical string, to Checkpoint) error

	// Live says that a table is live, so that the engine makes ready what searches of it need. It does
	// not wait for that.
	Live(def Definition)

	// Searchable says whether what Live makes ready has been ready once: searches are quick from then on.
	Searchable(def Definition) bool

	// Remove drops a physical table and its bookkeeping, if it exists.
	Remove(ctx context.Context, physical string) error

	// Load yields the rows of a physical table that have one of the keys.
	Load(ctx context.Context, def Definition, physical string, keys []any) iter.Seq2[[]any, error]

	// Expect says that a change may come in a moment, applied with the context that it returns. An engine
	// that writes the changes of several read models in one transaction waits for it, but not long. done
	// says that none comes any more.
	Expect(ctx context.Context) (with context.Context, done func())

	// Apply writes rows and moves the checkpoint in one transaction. If the checkpoint is not
	// where the change begins it changes nothing and returns ErrFenced.
	Apply(ctx context.Context, c Change) error

	// Snapshot shows one state of a physical table: its checkpoint, and its rows in the order
	// of the key, bytewise or by number. It holds a connection until look returns. That
	// connection is one of those that nothing else uses, so look may ask the engine more, but
	// for another snapshot.
	Snapshot(ctx context.Context, def Definition, physical string, look func(Checkpoint, iter.Seq2[[]any, error]) error) error

	// Rows yields the rows of a physical table in the order of the key, which it reads in pages.
	// It is for a table that nobody writes.
	Rows(ctx context.Context, def Definition, physical string) iter.Seq2[[]any, error]
}

// ReactorCheckpoints are kept apart from the read models, so that no effect happens again
// because a read model was rebuilt or lost.
type ReactorCheckpoints interface {
	// ReactorCheckpoint returns how far a reactor has come, and false if it never ran.
	ReactorCheckpoint(ctx context.Context, name string) (Checkpoint, bool, error)

	// SaveReactor moves a reactor's checkpoint by compare-and-set and returns when it is
	// durable. If it is not at from it changes nothing and returns ErrFenced. From NeverRan
	// it makes the checkpoint.
	SaveReactor(ctx context.Context, name string, from eventstore.Position, to Checkpoint) error

	// Reactors returns all that have a checkpoint, in the order of their names.
	Reactors(ctx context.Context) ([]NamedCheckpoint, error)
}

// NamedCheckpoint is how far a reactor has come.
type NamedCheckpoint struct {
	Name string
	Checkpoint
}

// NeverRan stands for the position of a reactor that has no checkpoint.
var NeverRan = eventstore.End

// Standing is a table that exists.
type Standing struct {
	Fingerprint string
	Checkpoint  Checkpoint
}

// Checkpoint says how far a read model or reactor has come.
type Checkpoint struct {
	Position   eventstore.Position
	Last       Mark  // the last event up to there
	EventsDone int64 // the number of events up to there, with those that were passed over; 0 of a reactor
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
	// Held says whether the lock is certainly held now. Whoever makes an effect that can't be
	// taken back asks it right before that.
	Held() bool
	Release()
}

// The errors of a rows engine. Compare with errors.Is.
var (
	ErrFenced   = errors.New("another runner moved the checkpoint")
	ErrHeld     = errors.New("somebody reads the table")
	ErrNotBuilt = errors.New("the read model is not built yet")
	ErrNoRow    = errors.New("there is no such row")
)
