package messages

import (
	"context"
	"iter"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Filter keeps the mails that fit; a zero member keeps all.
type Filter struct {
	Organization string
	Account      string
	ID           string
	Template     string
	Status       string
}

var list = listing.List{
	Table: Table, Columns: New().Columns(), Key: "id", Search: "search",
	Sorts: []listing.Sort{{Name: "queuedAt", Column: "queued_at"}},
}

// Sorts are the orders of the list.
func Sorts() []listing.Sort { return list.Sorts }

// List answers a page of the mails that fit.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Row], error) {
	return listing.Ask(ctx, db, list, f.where(), q, func(row Row, _ string) listing.Place {
		return listing.Place{Value: machinery.TimeText(row.QueuedAt), Key: row.ID}
	})
}

// All yields every mail that fits.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Row, error] {
	return listing.All[Row](ctx, db, list, f.where(), q)
}

func (f Filter) where() *listing.Where {
	w := &listing.Where{}
	w.Equal("organization_id", f.Organization)
	w.Equal("account_id", f.Account)
	w.Equal("id", f.ID)
	w.Equal("template", f.Template)
	w.Equal("status", f.Status)
	return w
}
