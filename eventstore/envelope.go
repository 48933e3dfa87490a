package eventstore

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"sleutelbos/internal/storedjson"
)

// Actor is who caused the event. The name is the one at that time and is stored sealed.
type Actor struct {
	Kind string // ActorAccount, ActorSystem or ActorStranger
	ID   string // of the account; for the system the name of the part that acted; empty for a stranger
	Name string
}

// The kinds of actor.
const (
	ActorAccount  = "account"
	ActorSystem   = "system"
	ActorStranger = "stranger"
)

// Origin is where the command came from.
type Origin struct {
	Channel   string // "ui", "api", "cli", "system"
	Address   string // the peer's IP address; stored sealed
	UserAgent string // stored sealed
}

// Envelope is what every event carries beside its payload. It holds the items that BIO2
// 8.15.01 asks of a log (action and object are the event's type and stream, the result is
// Outcome) and what ties the event to its command and to the chain of its stream.
type Envelope struct {
	Actor         Actor
	OnBehalfOf    *Actor
	Origin        Origin
	Outcome       string // OutcomeDone or OutcomeRefused
	Reason        string // why, as the actor said; stored sealed under the subject's key
	Ticket        string
	Organization  string // id
	CommandID     string
	CorrelationID string
	CausationID   string
	SchemaVersion int
	OccurredAt    time.Time
	PrevHash      string // of the event before it in the stream; empty for the first
	Hash          string

	sealedPrivate, sealedReason string
}

// The outcomes.
const (
	OutcomeDone    = "done"
	OutcomeRefused = "refused"
)

// storedActor and storedEnvelope are the envelope as JSON in the log. Names of persons,
// addresses and reasons are sealed in it. The hash is appended to it, see withHash.
type storedActor struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
}

type storedOrigin struct {
	Channel string `json:"channel"`
}

type storedEnvelope struct {
	Actor         storedActor  `json:"actor"`
	OnBehalfOf    *storedActor `json:"onBehalfOf,omitzero"`
	Origin        storedOrigin `json:"origin"`
	Private       string       `json:"private,omitempty"` // sealed privatePart
	Outcome       string       `json:"outcome"`
	Reason        string       `json:"reason,omitempty"` // sealed
	Ticket        string       `json:"ticket,omitempty"`
	Organization  string       `json:"organization,omitempty"`
	CommandID     string       `json:"commandId,omitempty"`
	CorrelationID string       `json:"$correlationId,omitempty"`
	CausationID   string       `json:"$causationId,omitempty"`
	SchemaVersion int          `json:"schemaVersion"`
	OccurredAt    time.Time    `json:"occurredAt"`
	PrevHash      string       `json:"prevHash"`
	Hash          string       `json:"hash,omitempty"`
}

// privatePart is the part of the envelope that tells of the actor as a person.
type privatePart struct {
	Name       string `json:"name,omitempty"`
	BehalfName string `json:"behalf_name,omitempty"`
	Address    string `json:"address,omitempty"`
	UserAgent  string `json:"user_agent,omitempty"`
}

const (
	privateField = "envelope.private"
	reasonField  = "envelope.reason"
)

// privateSubject returns the subject whose key seals the actor's part. It is the actor, if
// it has an account. Otherwise it is the month, so that the addresses of a month can be
// erased when their retention ends.
func privateSubject(a Actor, at time.Time) string {
	if a.Kind == ActorAccount && a.ID != "" {
		return AccountSubject(a.ID)
	}
	return "origins-" + at.UTC().Format("2006-01")
}

// encodeEnvelope returns the metadata without the hash.
func encodeEnvelope(ctx context.Context, keys Keys, e Envelope, stream, typ, subject string) ([]byte, error) {
	stored := storedEnvelope{
		Actor: storedActor{e.Actor.Kind, e.Actor.ID}, Origin: storedOrigin{e.Origin.Channel}, Outcome: e.Outcome,
		Ticket: e.Ticket, Organization: e.Organization, CommandID: e.CommandID, CorrelationID: e.CorrelationID,
		CausationID: e.CausationID, SchemaVersion: e.SchemaVersion, OccurredAt: e.OccurredAt.UTC(), PrevHash: e.PrevHash,
	}
	private := privatePart{Name: e.Actor.Name, Address: e.Origin.Address, UserAgent: e.Origin.UserAgent}
	if e.OnBehalfOf != nil {
		stored.OnBehalfOf = &storedActor{e.OnBehalfOf.Kind, e.OnBehalfOf.ID}
		private.BehalfName = e.OnBehalfOf.Name
	}
	if private != (privatePart{}) {
		plain, err := storedjson.Marshal(private)
		if err != nil {
			return nil, fmt.Errorf("encode the envelope of %s: %w", typ, err)
		}
		if stored.Private, err = seal(ctx, keys, privateSubject(e.Actor, e.OccurredAt), string(plain), stream, typ, privateField); err != nil {
			return nil, err
		}
	}
	if e.Reason != "" {
		if subject == "" {
			subject = privateSubject(e.Actor, e.OccurredAt)
		}
		var err error
		if stored.Reason, err = seal(ctx, keys, subject, e.Reason, stream, typ, reasonField); err != nil {
			return nil, err
		}
	}
	return storedjson.Marshal(stored)
}

// decodeEnvelope reads the stored envelope. What is sealed stays sealed until Open.
func decodeEnvelope(metadata []byte) (Envelope, error) {
	if e, ok := scanEnvelope(metadata); ok {
		return e, nil
	}
	return parseEnvelope(metadata)
}

func parseEnvelope(metadata []byte) (Envelope, error) {
	var s storedEnvelope
	if err := storedjson.Unmarshal(metadata, &s); err != nil {
		return Envelope{}, err
	}
	e := Envelope{
		Actor: Actor{Kind: s.Actor.Kind, ID: s.Actor.ID}, Origin: Origin{Channel: s.Origin.Channel}, Outcome: s.Outcome,
		Ticket: s.Ticket, Organization: s.Organization, CommandID: s.CommandID, CorrelationID: s.CorrelationID,
		CausationID: s.CausationID, SchemaVersion: s.SchemaVersion, OccurredAt: s.OccurredAt, PrevHash: s.PrevHash,
		Hash: s.Hash, sealedPrivate: s.Private, sealedReason: s.Reason,
	}
	if s.OnBehalfOf != nil {
		e.OnBehalfOf = &Actor{Kind: s.OnBehalfOf.Kind, ID: s.OnBehalfOf.ID}
	}
	return e, nil
}

var privateLayout = layoutOf(reflect.TypeFor[privatePart]())

func decodePrivate(plain []byte) (p privatePart, err error) {
	if !privateLayout.read(plain, reflect.ValueOf(&p).Elem()) {
		p = privatePart{}
		err = storedjson.Unmarshal(plain, &p)
	}
	return p, err
}

// Open returns the envelope with its sealed parts in plain text, or what Shown puts in place of
// what nobody can read. Whoever shows a history needs it; folds do not.
func (r Record) Open(ctx context.Context, keys Keys) (Envelope, error) {
	e := r.Envelope
	if e.sealedPrivate != "" {
		o := opener{ctx: ctx, keys: keys, stream: r.Stream, typ: r.Type, subject: privateSubject(e.Actor, e.OccurredAt)}
		plain, err := o.open(e.sealedPrivate, privateField)
		if err != nil {
			return Envelope{}, err
		}
		private := privatePart{Name: o.lost, BehalfName: o.lost, Address: o.lost, UserAgent: o.lost}
		if o.lost == "" {
			if private, err = decodePrivate([]byte(plain)); err != nil {
				return Envelope{}, fmt.Errorf("open the envelope of %s: %w", r.Type, err)
			}
		}
		e.Actor.Name, e.Origin.Address, e.Origin.UserAgent = private.Name, private.Address, private.UserAgent
		if e.OnBehalfOf != nil {
			behalf := *e.OnBehalfOf
			behalf.Name = private.BehalfName
			e.OnBehalfOf = &behalf
		}
	}
	if e.sealedReason != "" {
		subject := r.Subject
		if subject == "" {
			subject = privateSubject(e.Actor, e.OccurredAt)
		}
		o := opener{ctx: ctx, keys: keys, stream: r.Stream, typ: r.Type, subject: subject}
		plain, err := o.open(e.sealedReason, reasonField)
		if err != nil {
			return Envelope{}, err
		}
		e.Reason = plain
	}
	return e, nil
}
