// Package messages lists which mails went out, and which did not.
package messages

import (
	"time"

	"sleutelbos/domain/message"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "messages_v1"

// Row is one mail. Its text is not here: it may hold a link that is a secret.
type Row struct {
	ID             string    `db:"id,key"`
	AccountID      string    `db:"account_id"` // whom it is about
	OrganizationID string    `db:"organization_id"`
	Template       string    `db:"template"`
	Recipient      string    `db:"recipient"`
	ToAdmin        bool      `db:"to_admin"` // redirected (N-3)
	Language       string    `db:"language"`
	Search         string    `db:"search,search"`
	Status         string    `db:"status"` // Queued, Sent, Failed or GivenUp
	Attempts       int64     `db:"attempts"`
	LastError      string    `db:"last_error"` // a code
	At             time.Time `db:"at"`         // of the last change
	QueuedAt       time.Time `db:"queued_at"`
	Revision       int64     `db:"revision"` // of its own stream: its ETag
}

// What became of a mail.
const (
	Queued  = "queued"
	Sent    = "sent"
	Failed  = "failed" // and will be tried again
	GivenUp = "given_up"
)

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_queued ON {table} (queued_at, id);
		CREATE INDEX {index}_account ON {table} (account_id, queued_at, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, queued_at, id);`)
	machinery.Begins[message.Queued](t)
	machinery.On(t, machinery.ByStream, queued)
	machinery.On(t, machinery.ByStream, func(row Row, e message.Sent, r eventstore.Record) Row {
		return tried(row, Sent, int64(e.Attempt), "", r)
	})
	machinery.On(t, machinery.ByStream, func(row Row, e message.Failed, r eventstore.Record) Row {
		return tried(row, Failed, int64(e.Attempt), e.Error, r)
	})
	machinery.On(t, machinery.ByStream, func(row Row, e message.GivenUp, r eventstore.Record) Row {
		return tried(row, GivenUp, int64(e.Attempts), row.LastError, r)
	})
	machinery.On(t, machinery.ByStream, func(row Row, _ message.Opened, r eventstore.Record) Row {
		row.Revision = r.Revision
		return row
	})
	machinery.On(t, machinery.ByStream, func(row Row, _ message.Requeued, r eventstore.Record) Row {
		return tried(row, Queued, 0, row.LastError, r)
	})
	return t
}

func queued(row Row, e message.Queued, r eventstore.Record) Row {
	row.AccountID, row.OrganizationID, row.Template = e.AccountID, e.OrganizationID, string(e.Template)
	row.Recipient, row.ToAdmin, row.Language = e.Recipient, e.ToAdmin, e.Language
	row.Search = typed.Fold(e.Recipient, string(e.Template))
	row.Status, row.At, row.QueuedAt, row.Revision = Queued, r.Envelope.OccurredAt, r.Envelope.OccurredAt, r.Revision
	return row
}

func tried(row Row, status string, attempts int64, code string, r eventstore.Record) Row {
	row.Status, row.Attempts, row.LastError = status, attempts, code
	row.At, row.Revision = r.Envelope.OccurredAt, r.Revision
	return row
}
