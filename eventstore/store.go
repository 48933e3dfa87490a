// Package eventstore is the port to the event log: what it promises, in prose, and the
// typed layer above it (registry, envelope, hash chain). It knows nothing of the domain.
//
// # The path of an event
//
//	commands       decide that something happened
//	    │ Draft
//	Journal        seals personal values, adds the envelope, chains the hash behind the Tail
//	    │ Event
//	Store.Append   node: one committer writes many appends in one commit; esdb: the server does
//	    │ Recorded, with its Position
//	Subscribe      yields the event to every subscription that its filter keeps it for
//	    │ Delivery
//	feed           packs what has arrived into one message
//	    │ Record, opened by Registry.Decode
//	folds          turn a row and an event into the next row
//	    │
//	rows           are written in one transaction with the position up to which they are true
//
// # The contract of a Store
//
// A stream is a named sequence of events, numbered from 0 without gaps (its revisions).
// The log holds every event of every stream in one order that never changes (positions,
// strictly increasing from 1, not necessarily dense). An append is all or nothing, and
// durable when it is acknowledged. A reader never sees a position that is followed later
// by a lower one that it did not see. A canceled read is an error, not an end.
//
// A position is given to a store only if it came from it: from an event, a receipt, a checkpoint, or
// Head. Any other is refused by a server, with an error of no promised kind. What a filter leaves out
// has positions of which a subscriber hears late, or never: that it has caught up says that no event
// which the filter keeps is missing, and not where the log ends. So nobody waits for a filtered
// subscription to come to a position that it was not told.
//
// The port shows no system events, whose type or stream starts with "$": they belong to the
// store.
package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/google/uuid"
)

// Expected is what an appender takes a stream to be: at the revision of its last event, or
// what one of the constants says. An append to a stream that is otherwise is refused.
type Expected int64

// What an appender may expect besides a revision. The numbers are EventStoreDB's.
const (
	NoStream     Expected = -1 // the stream was never written, or was deleted softly
	Any          Expected = -2 // nothing is expected, so only the ids of its events show that an append is repeated
	StreamExists Expected = -4 // the stream was written and not deleted
)

// Event is an event as an appender hands it to a store.
type Event struct {
	ID       uuid.UUID // unique; a repeated append names the same ids
	Type     string    // the stored name, e.g. "account.blocked.v1"
	Data     []byte
	Metadata []byte
	Binary   bool // says that the data is not JSON; our own events always are
}

// Recorded is an event as it was stored.
type Recorded struct {
	Event
	Stream   string
	Revision int64
	Position Position
	Created  time.Time // when the store recorded it, UTC
}

// Receipt says where the last event of an append stands.
type Receipt struct {
	Stream   string
	Revision int64    // of the last event of the append
	Position Position // of the last event of the append
}

// Append is the part of one stream in Together.AppendTogether.
type Append struct {
	Stream   string
	Expected Expected
	Events   []Event
}

// Direction says which way a read goes.
type Direction int

// The directions.
const (
	Forwards Direction = iota
	Backwards
)

// Filter keeps the events whose stream or type starts with one of the prefixes. Only one
// of the two may be set; the zero value keeps every event.
type Filter struct {
	Streams []string
	Types   []string
}

// Delivery is one step of a subscription. It brings an event, or says that the store has
// looked at everything up to Position (a checkpoint), or that the subscriber has reached the
// present.
type Delivery struct {
	Event    Recorded // meaningful only if IsEvent
	IsEvent  bool
	CaughtUp bool
	Position Position // of the event, or of the checkpoint
}

// Covers returns the position up to which all is known once the delivery was taken. Only an
// event covers what stands at its own commit.
func (d Delivery) Covers() Position {
	if d.IsEvent {
		return d.Position
	}
	return d.Position.Unseen()
}

// LastRevision stands for the last event of a stream, for whoever reads backwards from there.
const LastRevision int64 = math.MaxInt64

// Store is an event log. Its drivers are node (embedded) and esdb (EventStoreDB); both
// pass storetest. Every method honors its context and returns within its deadline, also
// when the server is away (ErrUnavailable).
type Store interface {
	// Append adds events to a stream, all or none. An append is repeated if the events with
	// its ids stand already where it expects to write; then the first receipt is returned
	// again. An append of nothing checks the expectation and returns the last revision (-1
	// if there is none) and no position. System streams and types are refused.
	// Errors: *ConflictError, ErrStreamDeleted, ErrTooLarge, ErrUnavailable. After
	// ErrUnavailable the outcome is unknown: append the same events again. It is known if the
	// error is ErrNotAppended, too.
	Append(ctx context.Context, stream string, expected Expected, events ...Event) (Receipt, error)

	// ReadStream yields the events of a stream from a revision on, that one included.
	// Backwards, LastRevision is the last. A stream never written yields nothing.
	// Errors: ErrStreamDeleted (tombstoned), ErrUnavailable.
	ReadStream(ctx context.Context, stream string, from int64, dir Direction) iter.Seq2[Recorded, error]

	// ReadAll yields the events beyond a position, that one excluded, in either direction,
	// up to the present. Backwards from End begins with the newest.
	ReadAll(ctx context.Context, beyond Position, dir Direction, filter Filter) iter.Seq2[Recorded, error]

	// At returns the event at a position that was received from the store, and false if there
	// is none that the port shows: because the position lies beyond the end, or is of another
	// log.
	At(ctx context.Context, position Position) (Recorded, bool, error)

	// Subscribe yields every event after a position, then CaughtUp, then new events as they
	// are written, until the context ends or the store is lost. It always ends with an error.
	// A slow subscriber loses nothing. A server that drops it is asked again by the driver.
	// A filtered subscription also yields checkpoints, so that its position moves on while
	// the filter keeps no event. The next event may still come at the commit of a checkpoint,
	// see Delivery.Covers, which is what a subscriber keeps and gives back.
	Subscribe(ctx context.Context, after Position, filter Filter) iter.Seq2[Delivery, error]

	// Head returns the position of the newest event that the port shows, or the zero position
	// if there is none.
	Head(ctx context.Context) (Position, error)

	// Behind counts the events after a position, up to a limit.
	Behind(ctx context.Context, after Position, limit int64) (int64, error)
}

// Together is a Store that can write several streams in one commit; EventStoreDB cannot. The
// writer waits once, and a crash leaves nothing half done.
type Together interface {
	// AppendTogether appends to several streams, each named once, all or none. If it is
	// repeated, it returns the first receipts again. Errors: those of Append; the conflict
	// is that of the first stream that is not as expected.
	AppendTogether(ctx context.Context, appends ...Append) ([]Receipt, error)
}

// The errors of a store. Compare with errors.Is.
var (
	ErrStreamDeleted = errors.New("the stream was deleted for good")
	ErrTooLarge      = errors.New("the append is too large")
	ErrUnavailable   = errors.New("the event store is out of reach")
	// ErrNotAppended says of an append that nothing of it stands, e.g. because the disk is full. It comes with ErrUnavailable.
	ErrNotAppended = errors.New("nothing was appended")
)

// ConflictError says that the stream was not as the appender expected.
type ConflictError struct {
	Stream   string
	Expected Expected
	Actual   int64 // revision of the last event; -1 for a stream never written
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("stream %s is at revision %d, not as expected (%d)", e.Stream, e.Actual, e.Expected)
}
