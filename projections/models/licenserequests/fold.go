// Package licenserequests lists who asked for which license, and what was decided.
package licenserequests

import (
	"time"

	"sleutelbos/domain/licenserequest"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "license_requests_v1"

// Row is one request. RequestedBy and DecidedBy are the ids of who asked and decided: only for those
// who may see them, never for whom the license is (N-18).
type Row struct {
	ID             string    `db:"id,key"`
	AccountID      string    `db:"account_id"`
	OrganizationID string    `db:"organization_id"`
	LicenseID      string    `db:"license_id"`
	Standard       string    `db:"standard"` // for whose sake it was asked for; empty for the license as such
	Reason         string    `db:"reason"`
	Status         string    `db:"status"` // Open, Approved, Rejected or Withdrawn
	RequestedAt    time.Time `db:"requested_at"`
	RequestedBy    string    `db:"requested_by"` // an administrator may ask for somebody else
	DecidedAt      time.Time `db:"decided_at"`
	DecisionReason string    `db:"decision_reason"`
	DecidedBy      string    `db:"decided_by"`
	Revision       int64     `db:"revision"` // of its own stream: its ETag
}

// What became of a request.
const (
	Open      = "open"
	Approved  = "approved"
	Rejected  = "rejected"
	Withdrawn = "withdrawn"
)

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_requested ON {table} (requested_at, id);
		CREATE INDEX {index}_status ON {table} (organization_id, status, requested_at, id);
		CREATE INDEX {index}_account ON {table} (account_id, requested_at, id);`)
	machinery.Begins[licenserequest.Requested](t)
	machinery.On(t, machinery.ByStream, requested)
	machinery.On(t, machinery.ByStream, func(row Row, _ licenserequest.Approved, r eventstore.Record) Row {
		return decided(row, Approved, "", r)
	})
	machinery.On(t, machinery.ByStream, func(row Row, e licenserequest.Rejected, r eventstore.Record) Row {
		return decided(row, Rejected, e.Reason, r)
	})
	machinery.On(t, machinery.ByStream, func(row Row, _ licenserequest.Withdrawn, r eventstore.Record) Row {
		return decided(row, Withdrawn, "", r)
	})
	return t
}

func requested(row Row, e licenserequest.Requested, r eventstore.Record) Row {
	row.AccountID, row.OrganizationID, row.LicenseID, row.Standard, row.Reason = e.AccountID, e.OrganizationID, e.LicenseID, e.Standard, e.Reason
	row.Status, row.RequestedAt, row.RequestedBy, row.Revision = Open, r.Envelope.OccurredAt, r.Envelope.Actor.ID, r.Revision
	return row
}

func decided(row Row, status, reason string, r eventstore.Record) Row {
	row.Status, row.DecisionReason, row.DecidedAt = status, reason, r.Envelope.OccurredAt
	row.DecidedBy, row.Revision = r.Envelope.Actor.ID, r.Revision
	return row
}
