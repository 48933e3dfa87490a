package licenserequests

import (
	"context"
	"iter"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
)

// Item is a row with the names of whom and what it is about.
type Item struct {
	Row
	Username    string `db:"username"`
	Name        string `db:"name"`
	LicenseName string `db:"license_name"`
	DecidedName string `db:"decided_name"` // like DecidedBy, only for those who may see it
}

// Filter keeps the requests that fit; a zero member keeps all.
type Filter struct {
	Organization string
	Account      string
	License      string
	ID           string
	Status       string
}

var list = listing.List{
	Table: Table,
	Columns: New().Columns() +
		", coalesce((SELECT username FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".account_id), '') AS username" +
		", coalesce((SELECT name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".account_id), '') AS name" +
		", coalesce((SELECT name FROM " + licenselist.Table + " l WHERE l.id = " + Table + ".license_id), '') AS license_name" +
		", coalesce((SELECT name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".decided_by), '') AS decided_name",
	Key:   "id",
	Sorts: []listing.Sort{{Name: "requestedAt", Column: "requested_at"}, {Name: "decidedAt", Column: "decided_at"}},
}

// Sorts are the orders of the list.
func Sorts() []listing.Sort { return list.Sorts }

// List answers a page of the requests that fit. A search looks at the names of requesters
// and licenses.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Item], error) {
	w, err := f.where(ctx, db, q)
	if err != nil {
		return listing.Page[Item]{}, err
	}
	return listing.Ask(ctx, db, list, w, q, func(row Item, column string) listing.Place {
		if column == "decided_at" {
			return listing.Place{Value: machinery.TimeText(row.DecidedAt), Key: row.ID}
		}
		return listing.Place{Value: machinery.TimeText(row.RequestedAt), Key: row.ID}
	})
}

// All yields every request that fits.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Item, error] {
	w, err := f.where(ctx, db, q)
	if err != nil {
		return func(yield func(Item, error) bool) { yield(Item{}, err) }
	}
	return listing.All[Item](ctx, db, list, w, q)
}

// CountOpen answers how many requests wait for a decision in an organization (empty: all).
func CountOpen(ctx context.Context, db machinery.Reader, organization string) (int64, error) {
	w := &listing.Where{}
	w.Equal("organization_id", organization)
	w.Equal("status", Open)
	return listing.Count(ctx, db, Table, w)
}

func (f Filter) where(ctx context.Context, db machinery.Reader, q listing.Query) (*listing.Where, error) {
	w := &listing.Where{}
	w.Equal("organization_id", f.Organization)
	w.Equal("account_id", f.Account)
	w.Equal("license_id", f.License)
	w.Equal("id", f.ID)
	w.Equal("status", f.Status)
	text := machinery.Searchable(q.Search)
	if text == "" {
		return w, nil
	}
	accounts, err := db.Contains(ctx, accountlist.Table, "search", text, "", w.Arg)
	if err != nil {
		return nil, err
	}
	licenses, err := db.Contains(ctx, licenselist.Table, "search", text, "", w.Arg)
	if err != nil {
		return nil, err
	}
	w.Raw("(account_id IN (SELECT id FROM " + accountlist.Table + " WHERE " + accounts + ")" +
		" OR license_id IN (SELECT id FROM " + licenselist.Table + " WHERE " + licenses + "))")
	return w, nil
}
