// Package letters lists the letters.
package letters

import (
	"time"

	"sleutelbos/domain/letter"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "letters_v1"

// Row is one letter. Its text is not here: it is made when someone opens it.
type Row struct {
	ID             string    `db:"id,key"`
	AccountID      string    `db:"account_id"`
	OrganizationID string    `db:"organization_id"`
	Kind           string    `db:"kind"`
	Subject        string    `db:"subject"`
	Recipient      string    `db:"recipient"`
	Search         string    `db:"search,search"`
	CreatedAt      time.Time `db:"created_at"`
	PrintedAt      time.Time `db:"printed_at"`
	SentAt         time.Time `db:"sent_at"`
	InvalidAt      time.Time `db:"invalid_at"`
	InvalidBecause string    `db:"invalid_because"`
	Revision       int64     `db:"revision"` // of its own stream: its ETag
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_created ON {table} (created_at, id);
		CREATE INDEX {index}_account ON {table} (account_id, created_at, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, created_at, id);`)
	machinery.Begins[letter.Created](t)
	machinery.On(t, machinery.ByStream, created)
	machinery.On(t, machinery.ByStream, func(row Row, _ letter.Opened, r eventstore.Record) Row {
		row.Revision = r.Revision
		return row
	})
	machinery.On(t, machinery.ByStream, func(row Row, _ letter.Printed, r eventstore.Record) Row {
		row.PrintedAt, row.Revision = r.Envelope.OccurredAt, r.Revision
		return row
	})
	machinery.On(t, machinery.ByStream, func(row Row, _ letter.Sent, r eventstore.Record) Row {
		row.SentAt, row.Revision = r.Envelope.OccurredAt, r.Revision
		return row
	})
	machinery.On(t, machinery.ByStream, func(row Row, e letter.Invalidated, r eventstore.Record) Row {
		row.InvalidAt, row.InvalidBecause, row.Revision = r.Envelope.OccurredAt, string(e.Because), r.Revision
		return row
	})
	return t
}

func created(row Row, e letter.Created, r eventstore.Record) Row {
	row.AccountID, row.OrganizationID, row.Kind = e.AccountID, e.OrganizationID, string(e.Kind)
	row.Subject, row.Recipient = e.Subject, e.Recipient
	row.Search = typed.Searched(e.Recipient, e.Subject)
	row.CreatedAt, row.Revision = r.Envelope.OccurredAt, r.Revision
	return row
}
