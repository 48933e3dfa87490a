package regionlist

import (
	"context"
	"time"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// Item is a row with the name of its organization.
type Item struct {
	Row
	OrganizationName string `db:"organization_name"`
}

// Model describes the list of regions. Who else is in a region is for those to know who may
// read accounts.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: New().Columns() + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Organization: "organization_id", Accounts: "users", Search: "search", Default: "name",
	Filters: []listing.Filter{listing.ByMember("accountId", "users").Says("Assigned to this account.")},
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Accounts: r.Users, Revision: r.Revision}
	},
	Fields: append([]listing.Field[Item]{
		listing.Of(listing.ID, "id", func(r *Item) *string { return &r.ID }),
		listing.Of(listing.ID, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "organizationName", func(r *Item) *string { return &r.OrganizationName }),
		listing.Of(listing.Text, "name", func(r *Item) *string { return &r.Name }).SortedBy("sort_name", func(r *Item) string { return r.SortName }),
		listing.Of(listing.Flag, "archived", func(r *Item) *bool { return &r.Archived }).Filtered(listing.ByFlag("archived", "archived")),
		listing.Of(listing.Number, "users", func(r *Item) *int64 { return &r.Count }).Says("How many accounts are in it.").For(listing.Colleagues),
		listing.Of(listing.Moment, "createdAt", func(r *Item) *time.Time { return &r.CreatedAt }).Sorted("created_at"),
		listing.Of(listing.Moment, "changedAt", func(r *Item) *time.Time { return &r.ChangedAt }),
		listing.Of(listing.Number, "revision", func(r *Item) *int64 { return &r.Revision }),
	}, listing.InDetail(
		listing.Of(listing.IDs, "accountIds", func(r *Item) *[]string { return &r.Users }).Says("The accounts that are in it.").For(listing.Colleagues),
	)...),
}.Check()

// Of returns the ids of the regions in use that are assigned to an account.
func Of(ctx context.Context, db machinery.Reader, accountID string) ([]string, error) {
	type row struct {
		ID string `db:"id"`
	}
	rows, err := machinery.Select[row](ctx, db, `SELECT id FROM `+Table+` WHERE archived = FALSE AND `+db.HasMember("users", "$1")+` ORDER BY id`, accountID)
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	return ids, err
}
