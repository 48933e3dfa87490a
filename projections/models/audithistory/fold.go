// Package audithistory tells what happened: every event, by whom, from where and why.
// It takes every event and names none, so it can forget none. It stores what was stored,
// personal data as ciphertext, and opens it for who asks.
package audithistory

import (
	"strings"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "audit_history_v1"

// Row is one event.
type Row struct {
	Position       int64     `db:"position,key"`
	EventID        string    `db:"event_id"`
	Type           string    `db:"type"`
	Stream         string    `db:"stream"`
	Revision       int64     `db:"revision"`
	OccurredAt     time.Time `db:"occurred_at"`
	RecordedAt     time.Time `db:"recorded_at"`
	AccountID      string    `db:"account_id"` // whom it concerns
	OrganizationID string    `db:"organization_id"`
	ActorKind      string    `db:"actor_kind"`
	ActorID        string    `db:"actor_id"`
	Outcome        string    `db:"outcome"`
	Data           []byte    `db:"data"`
	Metadata       []byte    `db:"metadata"`
}

// Stored is an event as it is in the log, without what a row repeats of it to be found by:
// reading a column costs as much as decoding it from the event.
type Stored struct {
	Position   int64     `db:"position"`
	EventID    string    `db:"event_id"`
	Type       string    `db:"type"`
	Stream     string    `db:"stream"`
	Revision   int64     `db:"revision"`
	RecordedAt time.Time `db:"recorded_at"`
	Data       []byte    `db:"data"`
	Metadata   []byte    `db:"metadata"`
}

// Stored returns the event of a row.
func (r Row) Stored() Stored {
	return Stored{
		Position: r.Position, EventID: r.EventID, Type: r.Type, Stream: r.Stream, Revision: r.Revision,
		RecordedAt: r.RecordedAt, Data: r.Data, Metadata: r.Metadata,
	}
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_account ON {table} (account_id, position);
		CREATE INDEX {index}_stream ON {table} (stream, position);
		CREATE INDEX {index}_actor ON {table} (actor_id, position);
		CREATE INDEX {index}_organization ON {table} (organization_id, position);
		CREATE INDEX {index}_type ON {table} (type, position);
		CREATE INDEX {index}_occurred ON {table} (occurred_at, position);`)
	machinery.Every(t, machinery.ByPosition, recorded)
	return t
}

// RowOf returns the row of an event, for who reads the log itself.
func RowOf(r eventstore.Record) Row { return recorded(Row{Position: int64(r.Position.Commit())}, r) }

func recorded(row Row, r eventstore.Record) Row {
	e := r.Envelope
	row.EventID, row.Type, row.Stream, row.Revision = r.ID.String(), r.Type, r.Stream, r.Revision
	row.OccurredAt, row.RecordedAt = e.OccurredAt, r.Created.UTC().Truncate(time.Microsecond)
	row.AccountID, row.OrganizationID, row.ActorKind, row.ActorID = r.AccountID(), e.Organization, e.Actor.Kind, e.Actor.ID
	row.Outcome = e.Outcome
	if strings.HasPrefix(r.Stream, "organization-") {
		row.OrganizationID = r.AggregateID()
	}
	row.Data, row.Metadata = r.Data, r.Metadata
	return row
}
