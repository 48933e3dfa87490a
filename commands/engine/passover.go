package engine

import (
	"context"
	"fmt"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
	"sleutelbos/internal/failure"
)

// Undone is something that a part of the program should have done after an event, and that it
// never can.
type Undone struct {
	Part           string // the system actor, e.g. "messages"
	EventType      string // of the event; empty where it is the time that asks for it
	Revision       int64  // of the event in its stream
	Stream         string
	OrganizationID string
	AccountID      string
	CorrelationID  string
	CausationID    string // the event's id
}

// UndoneAfter returns what a part could not do after an event.
func UndoneAfter(part string, rec eventstore.Record) Undone {
	return Undone{
		Part: part, EventType: rec.Type, Revision: rec.Revision, Stream: rec.Stream, OrganizationID: rec.Envelope.Organization,
		AccountID: rec.AccountID(), CorrelationID: rec.Envelope.CorrelationID, CausationID: rec.ID.String(),
	}
}

// PassOver records in the history that something is not done, and why. It may be recorded twice
// if the program ends in between, which does no harm.
func (e *Engine) PassOver(ctx context.Context, u Undone, why error) error {
	c, err := e.Begin(Request{Name: u.Part, Actor: rights.System(u.Part), Origin: SystemOrigin, CorrelationID: u.CorrelationID, CausationID: u.CausationID})
	if err != nil {
		return err
	}
	c.Concerns(u.OrganizationID, u.AccountID, u.Stream)
	p := pendingRefusal{envelope: c.envelope(), event: refusal.PassedOver{
		Part: u.Part, Code: failure.Code(why), EventType: u.EventType, Revision: u.Revision,
		OrganizationID: u.OrganizationID, AccountID: u.AccountID, Stream: u.Stream,
	}}
	p.envelope.Outcome = eventstore.OutcomeRefused
	if err := e.refusals.append(ctx, streamOf(p), []pendingRefusal{p}); err != nil {
		return fmt.Errorf("record what %s can't do: %w", u.Part, err)
	}
	e.options.Log.WarnContext(ctx, "passed over for good", "part", u.Part, "code", failure.Code(why), "stream", u.Stream, "command_id", c.ID)
	return nil
}
