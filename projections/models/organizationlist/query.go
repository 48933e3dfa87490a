package organizationlist

import (
	"context"
	"iter"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Filter keeps the organizations that fit; a zero member keeps all.
type Filter struct {
	ID     string
	Preset string
}

var list = listing.List{
	Table: Table, Columns: New().Columns(), Key: "id", Search: "search",
	Sorts: []listing.Sort{{Name: "name", Column: "sort_name"}, {Name: "createdAt", Column: "created_at"}},
}

// Sorts are the orders of the list.
func Sorts() []listing.Sort { return list.Sorts }

// List answers a page of the organizations that fit.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Row], error) {
	return listing.Ask(ctx, db, list, f.where(), q, func(row Row, column string) listing.Place {
		if column == "created_at" {
			return listing.Place{Value: machinery.TimeText(row.CreatedAt), Key: row.ID}
		}
		return listing.Place{Value: row.SortName, Key: row.ID}
	})
}

// All yields every organization that fits.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Row, error] {
	return listing.All[Row](ctx, db, list, f.where(), q)
}

// Get answers one organization. Errors: machinery.ErrNoRow.
func Get(ctx context.Context, db machinery.Reader, id string) (Row, error) {
	return machinery.One[Row](ctx, db, `SELECT `+list.Columns+` FROM `+Table+` WHERE id = $1`, id)
}

func (f Filter) where() *listing.Where {
	w := &listing.Where{}
	w.Equal("id", f.ID)
	w.Equal("preset", f.Preset)
	return w
}
