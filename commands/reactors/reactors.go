// Package reactors has what the program does by itself: it queues and sends mails, keeps letters,
// ends what the clock ends, and repairs what a crash between two streams left behind.
package reactors

import (
	"context"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
)

// Reactor does something that follows from events. Handle may get an event twice, so what it
// makes has an id that follows from the event. Its errors are sorted by internal/failure: a final
// one is recorded and the event passed over, another is tried again.
type Reactor struct {
	Name   string
	Types  []string // the stored names that it asks for
	Handle func(ctx context.Context, event any, rec eventstore.Record) error

	// FromStart lets it act on the events from before its first run, too.
	FromStart bool
}

// reaction returns the call of a reactor to an event.
func reaction(e *engine.Engine, part string, rec eventstore.Record) (*engine.Call, error) {
	c, err := e.Begin(engine.Request{
		ID: uuid.NewSHA1(rec.ID, []byte(part)), Name: part, Actor: rights.System(part), Origin: engine.SystemOrigin,
		CorrelationID: rec.Envelope.CorrelationID, CausationID: rec.ID.String(),
	})
	if err == nil {
		c.Concerns(rec.Envelope.Organization, rec.AccountID(), rec.Stream)
	}
	return c, err
}
