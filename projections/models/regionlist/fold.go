// Package regionlist answers which regions there are, and who is in them.
package regionlist

import (
	"slices"
	"time"

	"sleutelbos/domain/region"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

// Table is the name of the read model.
const Table = "region_list_v1"

// Row is one region. Of an archived one the users are those that it had.
type Row struct {
	ID             string    `db:"id,key"`
	OrganizationID string    `db:"organization_id"`
	Name           string    `db:"name"`
	SortName       string    `db:"sort_name"`
	Search         string    `db:"search,search"`
	Archived       bool      `db:"archived"`
	Users          []string  `db:"users"` // account ids, in the order in which they came
	Count          int64     `db:"user_count"`
	CreatedAt      time.Time `db:"created_at"`
	ChangedAt      time.Time `db:"changed_at"`
	Revision       int64     `db:"revision"` // of its own stream: its ETag
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_name ON {table} (sort_name, id);
		CREATE INDEX {index}_created ON {table} (created_at, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, sort_name, id);`)
	machinery.Begins[region.Created](t)
	on(t, func(row Row, e region.Created) Row {
		row.OrganizationID = e.OrganizationID
		return named(row, e.Name)
	})
	on(t, func(row Row, e region.Renamed) Row { return named(row, e.Name) })
	on(t, func(row Row, _ region.Archived) Row { row.Archived = true; return row })
	on(t, userAssigned)
	on(t, userRemoved)
	return t
}

func on[E any](t *machinery.Table[Row], fold func(Row, E) Row) {
	machinery.On(t, machinery.ByStream, func(row Row, e E, r eventstore.Record) Row {
		row = fold(row, e)
		row.ChangedAt, row.Revision = r.Envelope.OccurredAt, r.Revision
		if r.Revision == 0 {
			row.CreatedAt = r.Envelope.OccurredAt
		}
		return row
	})
}

func named(row Row, name string) Row {
	row.Name, row.SortName = name, typed.SortKey(name)
	row.Search = typed.Searched(name)
	return row
}

func userAssigned(row Row, e region.UserAssigned) Row {
	row.Users = append(slices.Clone(row.Users), e.AccountID)
	row.Count = int64(len(row.Users))
	return row
}

func userRemoved(row Row, e region.UserRemoved) Row {
	row.Users = slices.DeleteFunc(slices.Clone(row.Users), func(id string) bool { return id == e.AccountID })
	if row.Count = int64(len(row.Users)); row.Count == 0 {
		row.Users = nil // as an empty list reads from a table
	}
	return row
}
