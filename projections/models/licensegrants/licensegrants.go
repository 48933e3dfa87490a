// Package licensegrants is the read model of who gave which license to whom, for the licenses that
// accounts have of their own.
package licensegrants

import (
	"context"
	"time"

	"sleutelbos/domain/license"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
)

// Table is the name of the read model.
const Table = "license_grants_v1"

// Row is a license that an account has.
type Row struct {
	ID        string    `db:"id,key"` // of license and account
	AccountID string    `db:"account_id"`
	LicenseID string    `db:"license_id"`
	GrantedAt time.Time `db:"granted_at"`
	GrantedBy string    `db:"granted_by"` // the account of who gave it; another id if that is nobody's
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_account ON {table} (account_id, license_id);`)
	machinery.OnKeyed(t, func(e license.Granted, r eventstore.Record) string { return key(r, e.AccountID) }, func(row Row, e license.Granted, r eventstore.Record) Row {
		row.AccountID, row.LicenseID, row.GrantedAt, row.GrantedBy = e.AccountID, r.AggregateID(), r.Envelope.OccurredAt, r.Envelope.Actor.ID
		return row
	})
	machinery.Drop(t, func(e license.Revoked, r eventstore.Record) string { return key(r, e.AccountID) })
	return t
}

func key(r eventstore.Record, accountID string) string { return r.AggregateID() + "/" + accountID }

// Grant says who gave a license, and when. The name is for those who may see who decides.
type Grant struct {
	LicenseID     string    `db:"license_id"`
	GrantedAt     time.Time `db:"granted_at"`
	GrantedByName string    `db:"granted_by_name"` // empty if it is no account's, or a closed one's that was erased
}

// Of returns the grants of an account, by license.
func Of(ctx context.Context, db machinery.Reader, accountID string) (map[string]Grant, error) {
	rows, err := machinery.Select[Grant](ctx, db, `SELECT license_id, granted_at,
		coalesce((SELECT name FROM `+accountlist.Table+` a WHERE a.id = granted_by), '') AS granted_by_name
		FROM `+Table+` WHERE account_id = $1 ORDER BY license_id`, accountID)
	grants := map[string]Grant{}
	for _, r := range rows {
		grants[r.LicenseID] = r
	}
	return grants, err
}
