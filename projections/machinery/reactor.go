package machinery

import (
	"context"
	"time"

	"sleutelbos/eventstore"
)

// Reactor acts outside the read models on what happened: a mail, a letter, a command that
// follows. It has a checkpoint of its own, saved after the effect, so an effect is made at
// least once and should be harmless twice (deterministic ids). A rebuild never runs one.
type Reactor struct {
	Name string // stable; its checkpoint stands under it

	// Types are the stored names that it acts on; the others are passed over. Empty means all.
	Types []string

	// FromStart lets it act on what happened before it first ran, too. Otherwise a reactor
	// that is new to a log with events in it begins at the end.
	FromStart bool

	// Handle makes the effect. An error is tried again, later and later up to Pause's
	// limit, until it succeeds: no event is ever skipped.
	Handle func(ctx context.Context, event any, rec eventstore.Record) error
}

// Status is how a projection or reactor is doing.
type Status struct {
	Name       string
	Reactor    bool
	Position   eventstore.Position
	LagEvents  int64         // events in the log that it has not taken; counted up to LagLimit
	LagTime    time.Duration // age of the oldest event that it has not taken; 0 if there is none
	State      State
	Error      string    // the last, without personal data; empty once it works again
	ErrorAt    time.Time // when
	Fault      *Fault    // the event at which it stopped
	Rebuilding *Progress // of a rebuild under way
}

// LagLimit is the number up to which lag is counted.
const LagLimit = 100_000

// State is what a projection is doing.
type State string

// The states.
const (
	StateLive       State = "live"
	StateCatchingUp State = "catching-up" // behind the log, or being built
	StateStopped    State = "stopped"     // at an event that it can't take, see Fault
	StateWaiting    State = "waiting"     // another process runs it
)

// Fault is the event at which a projection stopped.
type Fault struct {
	Type     string
	Stream   string
	Revision int64
	Position eventstore.Position
	Problem  string
}

// Progress is how far a rebuild or a verification is.
type Progress struct {
	EventsDone  int64
	EventsTotal int64 // about so many, by the place in the log that was reached
	PerSecond   float64
	Left        time.Duration // at that pace; 0 when done
}

// Report is the answer of a verification.
type Report struct {
	Name        string
	Position    eventstore.Position // at which live and shadow were compared
	Rows        int64               // compared
	Differences []Difference        // the first hundred
	More        int64               // differences beyond those
}

// Difference is a key whose live row is not what the events say.
type Difference struct {
	Key     string
	Columns []string // that differ; empty if the row is missing or should not be there
	Missing bool     // it should be there and is not
	Extra   bool     // it is there and should not be
}
