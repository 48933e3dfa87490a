package letters

import (
	"context"
	"iter"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Filter keeps the letters that fit; a zero member keeps all.
type Filter struct {
	Organization string
	Account      string
	ID           string
	Kind         string
	Printed      *bool
	Sent         *bool
	Invalid      *bool
}

var list = listing.List{
	Table: Table, Columns: New().Columns(), Key: "id", Search: "search",
	Sorts: []listing.Sort{{Name: "createdAt", Column: "created_at"}},
}

// Sorts are the orders of the list.
func Sorts() []listing.Sort { return list.Sorts }

// List answers a page of the letters that fit.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Row], error) {
	return listing.Ask(ctx, db, list, f.where(), q, func(row Row, _ string) listing.Place {
		return listing.Place{Value: machinery.TimeText(row.CreatedAt), Key: row.ID}
	})
}

// All yields every letter that fits.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Row, error] {
	return listing.All[Row](ctx, db, list, f.where(), q)
}

func (f Filter) where() *listing.Where {
	w := &listing.Where{}
	w.Equal("organization_id", f.Organization)
	w.Equal("account_id", f.Account)
	w.Equal("id", f.ID)
	w.Equal("kind", f.Kind)
	w.Is("(printed_at <> '')", f.Printed)
	w.Is("(sent_at <> '')", f.Sent)
	w.Is("(invalid_at <> '')", f.Invalid)
	return w
}
