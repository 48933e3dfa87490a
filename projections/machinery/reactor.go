package machinery

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// Reactor does something outside the read models because of an event: it sends a mail, makes
// a letter, or gives a command that follows from it. It has a checkpoint of its own, which is
// saved soon after the effect. An effect can therefore happen twice, and must do no harm then (ids
// that follow from the event's id see to that). A rebuild of read models runs no reactor.
type Reactor struct {
	Name string // its checkpoint is kept under this name, so it never changes

	// Types are the stored names of the events that it acts on. Empty means all events.
	Types []string

	// FromStart lets it also act on events from before it first ran. Without it, a reactor
	// that is new to a log begins at the log's end.
	FromStart bool

	// Handle makes the effect of one event. After an error that may pass it is called again, with
	// pauses that grow to some seconds, and after Options.Patience the reactor says that it stopped,
	// and goes on trying. A failure that is final for this event is given to PassOver.
	Handle func(ctx context.Context, event any, rec eventstore.Record) error

	// PassOver records that nothing can be done about an event, and why. The reactor goes on
	// behind it once that is recorded. What fails here is tried again as Handle is.
	PassOver func(ctx context.Context, rec eventstore.Record, why error) error
}

// Status is how a projection or reactor is doing.
type Status struct {
	Name       string
	Reactor    bool
	Built      bool // its rows can be asked for; false until a read model was built for the first time
	Searchable bool // searches of it are quick; false until its texts were read for the first time since the program began
	Position   eventstore.Position
	LagEvents  int64         // how many events of the log it has not taken yet, at most Options.CountLag
	LagTime    time.Duration // the age of the oldest event that it has not taken; 0 if there is none
	LagUnknown bool          // the event store is out of reach, so neither is known
	State      State
	Error      string        // of the last disturbance, without personal data; empty once it works again
	ErrorAt    time.Time     // when that was
	Disturbed  time.Duration // for how long it has not worked; 0 once it works again
	Fault      *Fault        // the event at which it stopped
	PassedOver int64         // events about which a reactor could do nothing, since the program began
	Foreign    int64         // events in streams of others that a read model passed over, since the program began
	Rebuilding *Progress     // of a rebuild that is running, else nil
}

// State is what a projection is doing.
type State string

// The states.
const (
	StateLive       State = "live"
	StateCatchingUp State = "catching-up" // it is behind the log, or is being built
	StateStopped    State = "stopped"     // it stands at an event that it cannot take, see Fault
	StateWaiting    State = "waiting"     // another process runs it
)

// States returns every state.
func States() []State { return []State{StateLive, StateCatchingUp, StateStopped, StateWaiting} }

// Values returns every state as a text, for the schemas of the API.
func (State) Values() []string {
	var values []string
	for _, s := range States() {
		values = append(values, string(s))
	}
	return values
}

// Fault is the event at which a projection stopped.
type Fault struct {
	Type     string
	Stream   string
	Revision int64
	Position eventstore.Position
	Problem  string
	Unread   uuid.UUID // the id of the event if it can't be read, so that an operator may let it be passed over
}

// Progress is how far a rebuild or a verification is.
type Progress struct {
	EventsDone  int64
	EventsTotal int64 // an estimate from the place in the log that was reached
	PerSecond   float64
	Left        time.Duration // an estimate from that pace; 0 when done
}

// Report is the result of a verification.
type Report struct {
	Name        string
	Position    eventstore.Position // at which the live table and the one made anew were compared
	Rows        int64               // compared
	Differences []Difference        // at most mostDifferences of them
	More        int64               // differences beyond those
	Stopped     *Fault              // the event behind that position which nobody can take; nil if there is none
}

// Difference is a key whose row in the live table is not what the events make of it.
type Difference struct {
	Key     string
	Columns []string // the columns that differ; empty if the row is missing or should not be there
	Missing bool     // it should be there and is not
	Extra   bool     // it is there and should not be
}
