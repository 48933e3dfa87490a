package answers

import (
	"context"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// AccountsByID returns the accounts with these ids, by id, of an organization (empty: of all), without
// whatever is kept from anybody. It is for who may see them, or for the names alone of those who acted.
func (s Source) AccountsByID(ctx context.Context, organization string, ids []string) (map[string]accountlist.Row, error) {
	rows, err := accountlist.ByID(ctx, s.DB, organization, ids)
	for id, row := range rows {
		item := accountlist.Item{Facts: row.Facts}
		for _, audience := range listing.Audiences() {
			accountlist.Model.Hide(&item, &item, audience)
		}
		rows[id] = accountlist.Row{Facts: item.Facts, SortName: row.SortName, SortUsername: row.SortUsername}
	}
	return rows, err
}

// Addressees returns the accounts with these ids as an envelope needs them, by id. It is for who
// manages their letters.
func (s Source) Addressees(ctx context.Context, ids []string) (map[string]accountlist.Row, error) {
	return accountlist.ByID(ctx, s.DB, "", ids)
}

// Names returns what the things with these ids are called, by id.
func (p Paged) Names(ctx context.Context, s Source, ids []string) (map[string]string, error) {
	type named struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	rows, err := machinery.Select[named](ctx, s.DB, `SELECT id, name FROM `+p.Table+` WHERE `+s.DB.InList("id", "$1"), append([]string{}, ids...))
	found := make(map[string]string, len(rows))
	for _, row := range rows {
		found[row.ID] = row.Name
	}
	return found, err
}
