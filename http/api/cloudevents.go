package api

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/internal/turns"
)

// typeName is what a client may name of types: a stored name, or its beginning and "*".
var typeName = regexp.MustCompile(`^[a-z]+(?:\.[a-z_]+(?:\.v[1-9][0-9]*)?)?(?:\.?\*)?$`)

// CloudEvent is an event as others get it (CloudEvents 1.0, JSON). It is a public
// contract: members are added, never changed. Extensions have names of letters and digits
// only, as the norm wants.
type CloudEvent struct {
	SpecVersion     string         `json:"specversion"`
	ID              string         `json:"id"`
	Source          string         `json:"source"`
	Type            string         `json:"type" doc:"The stored name."`
	Subject         string         `json:"subject" doc:"The stream."`
	Time            time.Time      `json:"time"`
	DataContentType string         `json:"datacontenttype"`
	Position        string         `json:"position"`
	Revision        string         `json:"revision" doc:"In the stream."`
	Organization    string         `json:"organization,omitzero"`
	Account         string         `json:"account,omitzero" doc:"Whom it concerns."`
	ActorKind       string         `json:"actorkind"`
	ActorID         string         `json:"actorid,omitzero"`
	Outcome         string         `json:"outcome"`
	CorrelationID   string         `json:"correlationid,omitzero"`
	CausationID     string         `json:"causationid,omitzero"`
	CommandID       string         `json:"commandid,omitzero"`
	Data            map[string]any `json:"data" doc:"The event's members; personal ones only for who may see the account, and contact data of a shielded one only for few."`
}

// cloudEvent returns an event as an asker may see it; false if it lies outside the asker's
// reach.
func (a feed) cloudEvent(ctx context.Context, who rights.Principal, rec eventstore.Recorded) ([]byte, bool, error) {
	seen, ok, err := a.source.Event(ctx, a.Runner, who, rec)
	if err != nil || !ok {
		return nil, false, err
	}
	var text []byte
	err = turns.Do(ctx, func(context.Context) error {
		text, err = a.rendered(rec, seen)
		return err
	})
	return text, err == nil, err
}

func (a feed) rendered(rec eventstore.Recorded, seen answers.Fed) ([]byte, error) {
	data, err := seen.Data()
	if err != nil {
		return nil, err
	}
	e := seen.Record.Envelope
	return json.Marshal(CloudEvent{
		SpecVersion: "1.0", ID: rec.ID.String(), Source: a.PublicURL.JoinPath("/").String(), Type: rec.Type, Subject: rec.Stream,
		Time: e.OccurredAt.UTC(), DataContentType: "application/json", Position: answers.PositionText(rec.Position),
		Revision: fmt.Sprint(rec.Revision), Organization: seen.Organization, Account: seen.Record.AccountID(),
		ActorKind: e.Actor.Kind, ActorID: seen.ActorID, Outcome: e.Outcome,
		CorrelationID: e.CorrelationID, CausationID: e.CausationID, CommandID: e.CommandID, Data: data,
	}, json.Deterministic(true))
}
