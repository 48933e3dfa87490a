package api

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/answers"
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
	Data            map[string]any `json:"data" doc:"The event's members; personal ones only for who may see the account."`
}

// cloudEvent answers an event for an asker; false if it lies outside the asker's reach.
func (a *API) cloudEvent(ctx context.Context, who rights.Principal, rec eventstore.Recorded) ([]byte, bool, error) {
	event, record, err := a.Journal.Registry.DecodeSealed(rec)
	if err != nil {
		return nil, false, err
	}
	about, _ := catalog.Of(event) // it was decoded, so it is there
	e, organization := record.Envelope, organizationOf(record)
	if !who.Reaches(rights.ReadEvents, organization, record.AccountID()) {
		return nil, false, nil
	}
	personal := a.Journal.Registry.PersonalMembersToday(rec.Type)
	open := len(personal) > 0 && who.Reaches(rights.ReadAccounts, organization, record.AccountID())
	if open {
		if event, _, err = a.Journal.Registry.Decode(ctx, a.Journal.Keys, rec); err != nil {
			return nil, false, err
		}
		personal = nil
	}
	data, err := publicData(event, personal)
	if err != nil {
		return nil, false, fmt.Errorf("make a cloud event of %s: %w", rec.Type, err)
	}
	cloud := CloudEvent{
		SpecVersion: "1.0", ID: rec.ID.String(), Source: a.PublicURL.JoinPath("/").String(), Type: rec.Type, Subject: rec.Stream,
		Time: e.OccurredAt.UTC(), DataContentType: "application/json", Position: answers.PositionText(rec.Position),
		Revision: fmt.Sprint(rec.Revision), Organization: organization, Account: record.AccountID(), ActorKind: e.Actor.Kind, ActorID: e.Actor.ID,
		Outcome: e.Outcome, CorrelationID: e.CorrelationID, CausationID: e.CausationID, CommandID: e.CommandID, Data: data,
	}
	if about.Public == catalog.WithoutDecider && e.Actor.ID != who.AccountID && !who.Reaches(rights.ReadDecider, organization, "") {
		cloud.ActorID = ""
	}
	text, err := json.Marshal(cloud, json.Deterministic(true))
	return text, err == nil, err
}

// organizationOf answers whose event it is.
func organizationOf(r eventstore.Record) string {
	if strings.HasPrefix(r.Stream, "organization-") {
		return r.AggregateID()
	}
	return r.Envelope.Organization
}

// publicData answers an event's members in the API's manner, without some.
func publicData(event any, without []string) (map[string]any, error) {
	text, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	data := map[string]any{}
	internal := catalog.Internal()
	for name, value := range members {
		if !slices.Contains(internal, name) && !slices.Contains(without, name) {
			data[answers.Camel(name)] = camelled(value)
		}
	}
	return data, nil
}

// camelled renames the members of inner objects too.
func camelled(value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		return value
	}
	renamed := make(map[string]any, len(object))
	for name, inner := range object {
		renamed[answers.Camel(name)] = camelled(inner)
	}
	return renamed
}
