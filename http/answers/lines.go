package answers

import (
	"context"
	"slices"
	"strings"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/problem"
	"sleutelbos/http/words"
	"sleutelbos/internal/turns"
	"sleutelbos/projections/models/audithistory"
)

// HistoryLine is an event as people read it.
type HistoryLine struct {
	Position       string   `json:"position"`
	Revision       int64    `json:"revision"`
	EventID        string   `json:"eventId" format:"uuid"`
	Type           string   `json:"type"`
	Stream         string   `json:"stream"`
	AccountID      *string  `json:"accountId" doc:"Whom it concerns."`
	OrganizationID *string  `json:"organizationId"`
	At             string   `json:"at" format:"date-time"`
	Text           string   `json:"text" doc:"In the reader's language."`
	Actor          Actor    `json:"actor"`
	OnBehalfOf     *Actor   `json:"onBehalfOf"`
	Origin         Origin   `json:"origin"`
	Reason         *string  `json:"reason"`
	Outcome        string   `json:"outcome" enum:"done,refused"`
	Changes        []Change `json:"changes"`
	CorrelationID  *string  `json:"correlationId"`
	CausationID    *string  `json:"causationId"`
	CommandID      *string  `json:"commandId"`
}

// Actor is who did it. What the reader may not see is null.
type Actor struct {
	Kind string  `json:"kind" enum:"account,system,stranger"`
	ID   *string `json:"id"`
	Name *string `json:"name"`
}

// Origin is where it came from. What the reader may not see is null.
type Origin struct {
	Channel   string  `json:"channel"`
	Address   *string `json:"address"`
	UserAgent *string `json:"userAgent"`
}

// Change is one field, old and new.
type Change struct {
	Field string  `json:"field"`
	Old   *string `json:"old"`
	New   *string `json:"new"`
}

// Lines opens rows of the history as an asker may see them, in the context's language.
type Lines struct {
	Opener audithistory.Opener
	Who    rights.Principal
	keeper *keeper
}

// OperatorsLines opens rows of the history for an operator of the program, who has its keys.
func OperatorsLines(opener audithistory.Opener) Lines {
	who := rights.System("export")
	return Lines{Opener: opener, Who: who, keeper: &keeper{who: who}}
}

// Line returns a row as a line. Errors: those of Opener.Open.
func (l Lines) Line(ctx context.Context, row audithistory.Row) (HistoryLine, error) {
	return l.Stored(ctx, row.Stored())
}

// Stored returns a stored event as a line. Errors: those of Opener.Open.
func (l Lines) Stored(ctx context.Context, stored audithistory.Stored) (HistoryLine, error) {
	opened, err := l.Opener.OpenStored(ctx, stored)
	if err != nil {
		return HistoryLine{}, err
	}
	return l.line(ctx, opened)
}

// inTurn does what Stored does, for an answer that has any number of events.
func (l Lines) inTurn(ctx context.Context, stored audithistory.Stored) (HistoryLine, error) {
	opened, err := l.openInTurn(ctx, stored)
	if err != nil {
		return HistoryLine{}, err
	}
	return l.line(ctx, opened)
}

func (l Lines) openInTurn(ctx context.Context, stored audithistory.Stored) (opened audithistory.Line, err error) {
	err = turns.Do(ctx, func(ctx context.Context) (err error) {
		opened, err = l.Opener.OpenStored(ctx, stored)
		return err
	})
	return opened, err
}

func (l Lines) line(ctx context.Context, opened audithistory.Line) (HistoryLine, error) {
	row, e := opened.Row, opened.Envelope
	line := HistoryLine{
		Position: PositionText(eventstore.AtCommit(uint64(row.Position))), Revision: row.Revision, EventID: row.EventID, Type: row.Type,
		Stream: row.Stream, AccountID: Maybe(row.AccountID), OrganizationID: Maybe(row.OrganizationID),
		At:    row.OccurredAt.UTC().Format(time.RFC3339Nano),
		Actor: Actor{Kind: e.Actor.Kind, ID: Maybe(e.Actor.ID), Name: Maybe(e.Actor.Name)}, Reason: Maybe(e.Reason), Outcome: e.Outcome,
		Origin:  Origin{Channel: e.Origin.Channel, Address: Maybe(e.Origin.Address), UserAgent: Maybe(e.Origin.UserAgent)},
		Changes: []Change{}, CorrelationID: Maybe(e.CorrelationID), CausationID: Maybe(e.CausationID), CommandID: Maybe(e.CommandID),
	}
	if e.OnBehalfOf != nil {
		line.OnBehalfOf = &Actor{Kind: e.OnBehalfOf.Kind, ID: Maybe(e.OnBehalfOf.ID), Name: Maybe(e.OnBehalfOf.Name)}
	}
	event, _ := catalog.Find(row.Type) // it was opened, so it is there
	members, others := map[string]string{}, ofOthers(l.Who, row.OrganizationID, opened.Event)
	for name, text := range audithistory.Repeated(opened.Event) {
		hidden, err := l.keeper.hides(ctx, opened.Record, row.OrganizationID, name)
		if err != nil {
			return HistoryLine{}, err
		}
		if !hidden && !slices.Contains(others, name) {
			members[name] = text
		}
	}
	for _, c := range opened.Changes {
		hidden, err := l.keeper.hides(ctx, opened.Record, row.OrganizationID, c.Field)
		if err != nil {
			return HistoryLine{}, err
		}
		if hidden || slices.Contains(others, c.Field) {
			c.Old, c.New = "", ""
		}
		members[c.Field], members["old_"+c.Field] = c.New, c.Old
		if event.Group != catalog.Refusals { // a refusal changed nothing
			line.Changes = append(line.Changes, Change{Field: Camel(c.Field), Old: Maybe(c.Old), New: Maybe(c.New)})
		}
	}
	l.hide(&line, event.Public)
	if event.Group == catalog.Refusals { // a sentence for people; the code is for programs
		members["code"] = strings.TrimSuffix(problem.Text(words.Of(ctx), members["code"]), ".")
	}
	actor := words.Actor{Kind: e.Actor.Kind, Self: row.AccountID != "" && e.Actor.ID == row.AccountID}
	if line.Actor.Name != nil {
		actor.Name = *line.Actor.Name
	}
	line.Text = words.Sentence(words.Of(ctx), words.Happening{Type: row.Type, Actor: actor, Reason: e.Reason, Members: members})
	return line, nil
}

// hide takes away who acted, and from where, for a reader who sees no more than the own
// account: a holder learns what was decided, not by whom (N-18).
func (l Lines) hide(line *HistoryLine, public catalog.Visibility) {
	if l.Who.May(rights.ReadDecider) > rights.ScopeSelf || line.Actor.ID != nil && *line.Actor.ID == l.Who.AccountID {
		return
	}
	if l.Who.May(rights.ReadHistory) > rights.ScopeSelf && public != catalog.WithoutDecider {
		return
	}
	line.Actor.ID, line.Actor.Name, line.OnBehalfOf = nil, nil, nil
	line.Origin.Address, line.Origin.UserAgent = nil, nil
}

// ByActor refuses to look for what somebody else did, to an asker who may not see who
// decided: asking for each actor in turn would tell.
func ByActor(who rights.Principal, actor string) error {
	if actor != "" && actor != who.AccountID && who.May(rights.ReadDecider) <= rights.ScopeSelf {
		return engine.ErrDenied
	}
	return nil
}

// Camel turns stored names into the API's.
func Camel(snake string) string {
	first, rest, found := strings.Cut(snake, "_")
	if !found || rest == "" {
		return snake
	}
	return first + strings.ToUpper(rest[:1]) + Camel(rest[1:])
}
