// Package eventstore is the port to the event log: what it promises, in prose, and the
// typed layer above it (registry, envelope, hash chain). It knows nothing of the domain.
//
// # The contract of a Store
//
// A stream is a named sequence of events, numbered from 0 without gaps (its revisions).
// The log holds every event of every stream in one order that never changes (positions,
// strictly increasing from 1, not necessarily dense). An append is all or nothing, and
// durable when it is acknowledged. A reader never sees a position that is followed later
// by a lower one that it did not see. A canceled read is an error, not an end.
//
// The port shows no system events (a type or stream that starts with "$"): they belong
// to the store.
package eventstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
)

// Expected is what an appender believes about a stream: the revision of its last event,
// or one of the constants.
type Expected int64

// What an appender may believe besides a revision. The numbers are EventStoreDB's.
const (
	NoStream     Expected = -1 // it was never written, or was deleted softly
	Any          Expected = -2 // no belief; the append cannot be told from a double but by its event ids
	StreamExists Expected = -4 // it was written and not deleted
)

// Event is what an appender hands to a store.
type Event struct {
	ID       uuid.UUID // unique; the same id again in the same append is the same event
	Type     string    // the stored name, e.g. "account.blocked.v1"
	Data     []byte
	Metadata []byte
	Binary   bool // the data is not JSON; never so for our own events
}

// Recorded is an event as it was stored.
type Recorded struct {
	Event
	Stream   string
	Revision int64
	Position Position
	Created  time.Time // when the store recorded it, UTC
}

// Receipt says where an append ended.
type Receipt struct {
	Stream   string
	Revision int64    // of the last event of the append
	Position Position // of the last event of the append
}

// Append is what one stream gets, all or none; see Store.Append.
type Append struct {
	Stream   string
	Expected Expected
	Events   []Event
}

// Direction of a read.
type Direction int

// The directions.
const (
	Forwards Direction = iota
	Backwards
)

// Filter keeps the events whose stream or type starts with one of the prefixes. At most
// one of the two may be set; the zero value keeps every event.
type Filter struct {
	Streams []string
	Types   []string
}

// Delivery is one step of a subscription: an event, or the news that everything up to
// Position was considered (a checkpoint), or that the subscriber has reached the present.
type Delivery struct {
	Event    Recorded // meaningful only if IsEvent
	IsEvent  bool
	CaughtUp bool
	Position Position // of the event, or up to which all was considered
}

// Store is an event log. Its drivers are node (embedded) and esdb (EventStoreDB); both
// pass storetest. Every method honors its context and answers within its deadline, also
// when the server is away (ErrUnavailable).
type Store interface {
	// Append adds events to a stream, all or none. Appending events whose ids stand there
	// already, at the place the expectation names, answers the first receipt again.
	// An append of nothing checks the expectation and answers the last revision, -1 if
	// there is none, and position 0. System streams and types are refused.
	// Errors: *ConflictError, ErrStreamDeleted, ErrTooLarge, ErrUnavailable. After
	// ErrUnavailable the outcome is unknown: append the same events again.
	Append(ctx context.Context, stream string, expected Expected, events ...Event) (Receipt, error)

	// ReadStream yields the events of a stream from a revision on, that one included.
	// Backwards, math.MaxInt64 is the last. A stream never written yields nothing.
	// Errors: ErrStreamDeleted (tombstoned), ErrUnavailable.
	ReadStream(ctx context.Context, stream string, from int64, dir Direction) iter.Seq2[Recorded, error]

	// ReadAll yields the events beyond a position, that one excluded, in either direction,
	// up to the present. Backwards from End begins with the newest.
	ReadAll(ctx context.Context, beyond Position, dir Direction, filter Filter) iter.Seq2[Recorded, error]

	// Subscribe yields every event after a position, then CaughtUp, then live events as
	// they come, until the context ends or the store is lost; it always ends with an error.
	// A filtered subscription also yields checkpoints, so that a quiet one moves on.
	Subscribe(ctx context.Context, after Position, filter Filter) iter.Seq2[Delivery, error]

	// Head answers the position of the newest event that the port shows; 0 if there is none.
	Head(ctx context.Context) (Position, error)

	// Behind counts the events after a position, up to a limit.
	Behind(ctx context.Context, after Position, limit int64) (int64, error)
}

// Together is what a Store may offer besides; EventStoreDB has nothing like it. It spares a
// writer the wait for one stream before the other, and a crash finds nothing half done.
type Together interface {
	// AppendTogether is Append to several streams, each named once, in one commit: all or
	// none. Where it is repeated it answers the first receipts. Errors: those of Append;
	// the conflict is that of the first stream that is not as expected.
	AppendTogether(ctx context.Context, appends ...Append) ([]Receipt, error)
}

// The errors of a store. Compare with errors.Is.
var (
	ErrStreamDeleted = errors.New("the stream was deleted for good")
	ErrTooLarge      = errors.New("the append is too large")
	ErrUnavailable   = errors.New("the event store is out of reach")
)

// ConflictError says that the stream was not as the appender believed.
type ConflictError struct {
	Stream   string
	Expected Expected
	Actual   int64 // revision of the last event; -1 for a stream never written
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("stream %s is at revision %d, not as expected (%d)", e.Stream, e.Actual, e.Expected)
}
