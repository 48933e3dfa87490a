// Package accountlist lists the accounts: every column, filter and order of
// the list of accounts.
package accountlist

import (
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountfacts"
)

// Table is the name of the read model.
const Table = "account_list_v1"

// Row is one account.
type Row struct {
	accountfacts.Facts
	SortName     string `db:"sort_name"`
	SortUsername string `db:"sort_username"`
	Search       string `db:"search,search"`
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, schema+accountfacts.ShieldIndex)
	accountfacts.Register(t, func(row *Row) *accountfacts.Facts { return &row.Facts })
	machinery.On(t, machinery.ByAccount, sorted[account.Created])
	machinery.On(t, machinery.ByAccount, sorted[account.NameChanged])
	machinery.On(t, machinery.ByAccount, sorted[account.UsernameChanged])
	return t
}

// schema has an index for every order, led by nothing but the column, since a reader of
// one organization and one of all use the same lists; and one that holds all that is
// filtered by, so that counting reads it and not the rows. Few accounts are blocked or wait for
// their activation: the rest pay nothing for the last two.
const schema = `
CREATE INDEX {index}_name ON {table} (sort_name, id);
CREATE INDEX {index}_username ON {table} (sort_username, id);
CREATE INDEX {index}_created ON {table} (created_at, id);
CREATE INDEX {index}_changed ON {table} (changed_at, id);
CREATE INDEX {index}_sent ON {table} (activation_sent_at, id);
CREATE INDEX {index}_activated ON {table} (activated_at, id);
CREATE INDEX {index}_ends ON {table} (ends_at, id);
CREATE INDEX {index}_organization ON {table} (organization_id, sort_name, id);
CREATE INDEX {index}_facts ON {table} (closed, blocked, disabled, activation, activation_expires_at, ends_at, role, organization_id);
CREATE INDEX {index}_blocked ON {table} (created_at, id) WHERE blocked = TRUE;
CREATE INDEX {index}_due ON {table} (activation_expires_at) WHERE activation = 'sent';
`

// sorted follows the facts (its step comes after theirs) with what is sorted and searched.
func sorted[E any](row Row, _ E, _ eventstore.Record) Row {
	row.SortName, row.SortUsername = machinery.Searchable(row.Name), machinery.Searchable(row.Username)
	row.Search = row.SortName + " " + row.SortUsername
	return row
}
