// Package commands is how a command reaches its stream: it finds out whether the asker may,
// loads the aggregate, lets the domain decide, appends at the revision read, and repairs
// what a crash between two streams left behind. It holds no rule of its own about what
// may happen, and knows neither HTTP nor a database.
//
// Every command of Service has one shape, so that one door serves them all:
//
//	outcome, err := service.Do(ctx, request, func(ctx context.Context, c *commands.Call) (any, error) {
//		return service.BlockAccount(ctx, c, commands.BlockAccount{AccountID: id, Reason: reason})
//	})
//
// Errors of Do: *domain.Error (a refusal; a known asker's is recorded), ErrStale,
// eventstore.ErrUnavailable, ErrBusy; everything else is a fault.
package commands

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Request is who asks for what, from where and why. The body of the command is not in it.
type Request struct {
	ID             uuid.UUID // of the command; zero gets one, with an idempotency key one that follows from it
	Name           string    // of the command, e.g. "BlockAccount"
	Actor          rights.Principal
	OnBehalfOf     *eventstore.Actor
	Origin         eventstore.Origin
	Reason         string // for the envelope; commands with a reason of their own set it themselves
	Ticket         string
	CorrelationID  string
	CausationID    string
	IfMatch        *int64 // the revision of the command's own aggregate as the asker saw it
	DryRun         bool   // decide and answer the events, append nothing
	IdempotencyKey string
	Fingerprint    []byte    // hash of the body, to tell a retry from another command under the same key
	Now            time.Time // zero is the service's clock
}

// StreamRevision is where a stream ended by a command.
type StreamRevision struct {
	Stream   string `json:"stream"`
	Revision int64  `json:"revision"`
}

// EventRef names an event that a command brought, or in a dry run would have brought.
type EventRef struct {
	ID       uuid.UUID `json:"id"`
	Type     string    `json:"type"`
	Stream   string    `json:"stream"`
	Revision int64     `json:"revision"`
}

// Outcome is the answer to a command; its JSON is that of the HTTP contract. After a
// repeated idempotency key Result is the raw JSON of the first answer.
type Outcome struct {
	CommandID uuid.UUID           `json:"commandId"`
	Streams   []StreamRevision    `json:"streams"`         // the command's own aggregate comes first
	Position  eventstore.Position `json:"position,string"` // of the last event; 0 if there was none
	Events    []EventRef          `json:"events"`
	Result    any                 `json:"result"`
}

// None is the result of a command that makes nothing new.
type None struct{}

// ErrStale says that the aggregate has moved on from the revision that If-Match named.
var ErrStale = errors.New("it has changed since you read it")

// ErrBusy says that too many passwords are being checked at this moment.
var ErrBusy = vault.ErrBusy

// Refusals of the door itself.
var (
	ErrDenied            = domain.Denied("no-right", "You have no right to do this.")
	ErrNotSignedIn       = domain.Denied("not-signed-in", "Sign in first.")                              // 401
	ErrSignInFailed      = domain.Denied("sign-in-failed", "The username or the password is not right.") // 401
	ErrPasswordChangeDue = domain.Denied("password-change-required", "Choose a new password first.")     // 403
	ErrIdempotencyReused = domain.InvalidCode("", "idempotency-key-reused", "This Idempotency-Key was used for another request.")
)
