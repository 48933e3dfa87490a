package licenselist

import (
	"context"
	"iter"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// Item is a row with the name of its organization.
type Item struct {
	Row
	OrganizationName string `db:"organization_name"`
}

// Filter keeps the licenses that fit; a zero member keeps all.
type Filter struct {
	Organization     string
	ID               string
	CompanyWide      *bool
	ShownInSelection *bool
}

var list = listing.List{
	Table: Table,
	Columns: New().Columns() + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Key: "id", Search: "search",
	Sorts: []listing.Sort{{Name: "name", Column: "sort_name"}, {Name: "createdAt", Column: "created_at"}},
}

// Sorts are the orders of the list.
func Sorts() []listing.Sort { return list.Sorts }

// List answers a page of the licenses that fit.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Item], error) {
	return listing.Ask(ctx, db, list, f.where(), q, func(row Item, column string) listing.Place {
		if column == "created_at" {
			return listing.Place{Value: machinery.TimeText(row.CreatedAt), Key: row.ID}
		}
		return listing.Place{Value: row.SortName, Key: row.ID}
	})
}

// All yields every license that fits.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Item, error] {
	return listing.All[Item](ctx, db, list, f.where(), q)
}

// Get answers one license. Errors: machinery.ErrNoRow.
func Get(ctx context.Context, db machinery.Reader, id string) (Item, error) {
	return machinery.One[Item](ctx, db, `SELECT `+list.Columns+` FROM `+Table+` WHERE id = $1`, id)
}

// Held answers the licenses that an account may use: those granted and those that are
// company-wide in its organization.
func Held(ctx context.Context, db machinery.Reader, organization string, granted []string) ([]Item, error) {
	if granted == nil {
		granted = []string{}
	}
	return machinery.Select[Item](ctx, db, `SELECT `+list.Columns+` FROM `+Table+
		` WHERE (organization_id = $1 AND company_wide) OR `+db.InList("id", "$2")+` ORDER BY sort_name, id`, organization, granted)
}

func (f Filter) where() *listing.Where {
	w := &listing.Where{}
	w.Equal("organization_id", f.Organization)
	w.Equal("id", f.ID)
	w.Is("company_wide", f.CompanyWide)
	w.Is("shown_in_selection", f.ShownInSelection)
	return w
}
