// Package operation has the use cases of whoever keeps the program running.
package operation

import (
	"context"
	"fmt"
	"strings"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/pass"
	"sleutelbos/eventstore"
)

// UseCases are the commands of the operation.
type UseCases struct {
	access.Access
	Passes *engine.Aggregate[pass.State, pass.Command, pass.Event]
}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	return []engine.Command{
		engine.Handled("PassOverEvent", rights.PassOverEvents, "Lets every reader pass over an event that the program can't read, for good. It stays in the log, and the history tells.",
			u.passOver, engine.Icon("warning")),
	}
}

// PassOverEvent is the body of the command of that name.
type PassOverEvent struct {
	Position string `json:"position" minLength:"1" maxLength:"20" doc:"Of the event in the log, as whoever stopped at it names it."`
	EventID  string `json:"eventId" format:"uuid"`
	Reason   string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

// passOver records that an event is passed over. It is looked up by its position and its id, so that a
// slip passes over nothing.
func (u UseCases) passOver(ctx context.Context, c *engine.Call, in PassOverEvent) (engine.None, error) {
	if err := c.Need(rights.PassOverEvents); err != nil {
		return engine.None{}, err
	}
	rec, err := u.find(ctx, in)
	if err != nil {
		return engine.None{}, err
	}
	registry := u.Engine.Journal().Registry
	accountID, _ := strings.CutPrefix(rec.Stream, "account-")
	if accountID == rec.Stream {
		accountID = ""
	}
	organizationID, err := u.organizationOf(ctx, rec.Stream)
	if err != nil {
		return engine.None{}, err
	}
	c.Because(in.Reason)
	c.Concerns(organizationID, accountID, eventstore.PassesStream)
	_, id, _ := strings.Cut(eventstore.PassesStream, "-")
	_, err = u.Passes.Decide(ctx, c, id, pass.Over{
		EventID: rec.ID.String(), EventType: rec.Type, Stream: rec.Stream, Revision: rec.Revision, Position: rec.Position.String(), Hash: eventstore.HashOf(rec),
		AccountID: accountID, Reason: in.Reason, Foreign: !registry.Owns(rec.Stream), Readable: registry.Readable(rec),
	}, engine.Step{Own: true})
	return engine.None{}, err
}

// find returns the event that is meant.
func (u UseCases) find(ctx context.Context, in PassOverEvent) (eventstore.Recorded, error) {
	position, err := eventstore.ParsePosition(in.Position)
	if err != nil {
		return eventstore.Recorded{}, pass.ErrNotFound
	}
	id, ok := engine.ParseID(in.EventID)
	if !ok {
		return eventstore.Recorded{}, pass.ErrNotFound
	}
	rec, found, err := u.Engine.Journal().Store.At(ctx, position)
	if err != nil {
		return eventstore.Recorded{}, fmt.Errorf("look up the event at position %s: %w", position, err)
	}
	if !found || rec.ID.String() != id {
		return eventstore.Recorded{}, pass.ErrNotFound
	}
	return rec, nil
}

// organizationOf returns whose stream it is; empty if it is no organization's. Of an account's stream
// the first event tells: the state can't be had while a later one can't be read.
func (u UseCases) organizationOf(ctx context.Context, stream string) (string, error) {
	if id, ok := strings.CutPrefix(stream, "organization-"); ok {
		return id, nil
	}
	for rec, err := range u.Engine.Journal().Store.ReadStream(ctx, stream, 0, eventstore.Forwards) {
		if err != nil {
			return "", fmt.Errorf("read %s: %w", stream, err)
		}
		if event, _, err := u.Engine.Journal().Registry.DecodeSealed(rec); err == nil {
			created, _ := event.(account.Created)
			return created.OrganizationID, nil
		}
		break
	}
	return "", nil
}
