// Package engine is the one way from a command to its stream. It finds out whether the asker
// may, loads the aggregate, lets the domain decide, and appends at the revision that was
// read. It holds no rule about what may happen, and knows neither HTTP nor a database.
//
//	Request ── Do ──► Call ──► the use case of an area ──► Aggregate.Decide ──► the log
//	           │                    │                            │
//	           │                    ├ Claims: unique values      └ reads, decides, appends; a lost
//	           │                    └ Vault: secrets               race is decided again
//	           ├ a repeated idempotency key gets its first answer
//	           └ a refusal is recorded
//
// The areas (commands/accounts, commands/licenses, …) declare the commands; see Handled and
// OneStream. A dry run takes the same way: what it would change stays in the Call.
package engine

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Request says who asks for a command, from where and why. The command's body is not in it.
type Request struct {
	ID             uuid.UUID // of the command; zero gets one, with an idempotency key one that follows from the key
	Name           string    // of the command, e.g. "BlockAccount"
	Actor          rights.Principal
	OnBehalfOf     *eventstore.Actor
	Origin         eventstore.Origin
	Reason         string // for the envelope; commands with a reason of their own set it themselves
	Ticket         string
	CorrelationID  string
	CausationID    string
	IfMatch        *Match // what the command's own aggregate must be at; nil for anything
	DryRun         bool   // decides and returns the events, appends nothing
	Part           bool   // it is one of many dry runs that were asked for at once, and counted as one
	IdempotencyKey string
	Fingerprint    []byte    // a hash of the body; it tells a retry from another command under the same key
	Now            time.Time // zero is the engine's clock
	// Settle is for how long it is tried to find out what became of an append that was not answered,
	// after the command's time is up. It is for those who can't ask again under the same key.
	Settle time.Duration
}

// SystemOrigin is where the program's own commands come from.
var SystemOrigin = eventstore.Origin{Channel: "system"}

// StreamRevision is a stream that a command looked at, and the revision it has afterwards.
type StreamRevision struct {
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
}

// EventRef names an event that a command appended, or in a dry run would have appended.
type EventRef struct {
	ID       uuid.UUID `json:"id"`
	Type     string    `json:"type"`
	Stream   string    `json:"stream"`
	Revision int64     `json:"revision"`
}

// Outcome is what a command brought about; its JSON is that of the HTTP contract. After a
// repeated idempotency key Result is the raw JSON of the first answer.
type Outcome struct {
	CommandID uuid.UUID           `json:"commandId"`
	Streams   []StreamRevision    `json:"streams"`  // the command's own aggregate comes first
	Position  eventstore.Position `json:"position"` // of the last event; 0 if there was none
	Events    []EventRef          `json:"events"`
	Result    any                 `json:"result"`
}

// None is the result of a command that makes nothing new.
type None struct{}

// ErrStale says that the aggregate has moved on from the revision that If-Match named.
var ErrStale = errors.New("it has changed since you read it")

// ErrBusy says that too many passwords are being checked at this moment.
var ErrBusy = vault.ErrBusy

// TooOftenError says that an asker tried a password too often, whatever the password is.
type TooOftenError struct{ RetryAfter time.Duration }

func (e *TooOftenError) Error() string { return "tried too often" }

// These are the refusals that any command can meet.
var (
	ErrDenied            = domain.Denied("no-right", "You have no right to do this.")
	ErrNotSignedIn       = domain.Denied("not-signed-in", "Sign in first.")                              // 401
	ErrSignInFailed      = domain.Denied("sign-in-failed", "The username or the password is not right.") // 401
	ErrPasswordChangeDue = domain.Denied("password-change-required", "Choose a new password first.")     // 403
	ErrIdempotencyReused = domain.InvalidCode("", "idempotency-key-reused", "This Idempotency-Key was used for another request.")
)
