package answers

import (
	"context"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
)

// AccountsByID returns the accounts with these ids, by id, of an organization (empty: of all). It
// is for who may see them, or for the names alone of those who acted.
func (s Source) AccountsByID(ctx context.Context, organization string, ids []string) (map[string]accountlist.Row, error) {
	return accountlist.ByID(ctx, s.DB, organization, ids)
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
