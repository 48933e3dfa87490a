package rolegrouplist

import (
	"context"
	"time"

	"sleutelbos/domain/rolegroup"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// Item is a row with the name of its organization.
type Item struct {
	Row
	OrganizationName string `db:"organization_name"`
}

// Model describes the list of role groups.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: New().Columns() + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Organization: "organization_id", Search: "search", Default: "name",
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Revision: r.Revision}
	},
	Fields: append([]listing.Field[Item]{
		listing.Of(listing.ID, "id", func(r *Item) *string { return &r.ID }),
		listing.Of(listing.ID, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "organizationName", func(r *Item) *string { return &r.OrganizationName }),
		listing.Of(listing.Text, "name", func(r *Item) *string { return &r.Name }).SortedBy("sort_name", func(r *Item) string { return r.SortName }),
		listing.Of(listing.Flag, "archived", func(r *Item) *bool { return &r.Archived }).Filtered(listing.ByFlag("archived", "archived")),
		listing.Of(listing.Texts, "permissions", func(r *Item) *[]string { return &r.Permissions }).Says("What it permits.").
			Filtered(listing.ByRule("permission", rolegroup.Permissions(), permits())),
		listing.Of(listing.Number, "members", func(r *Item) *int64 { return &r.Members }).Says("How many accounts have it.").For(listing.Colleagues),
		listing.Of(listing.Moment, "createdAt", func(r *Item) *time.Time { return &r.CreatedAt }).Sorted("created_at"),
		listing.Of(listing.Moment, "changedAt", func(r *Item) *time.Time { return &r.ChangedAt }),
		listing.Of(listing.Number, "revision", func(r *Item) *int64 { return &r.Revision }),
	}, listing.InDetail(
		listing.Of(listing.Texts, "described", func(r *Item) *[]string { return &r.Described }).
			Says("A permission, a space, and what the organization says that it means."),
	)...),
}.Check()

// permits returns the condition of each permission that a group gives.
func permits() map[rolegroup.Permission]listing.Condition {
	conditions := map[rolegroup.Permission]listing.Condition{}
	for _, p := range rolegroup.Permissions() {
		conditions[p] = machinery.SQL(`permissions LIKE '%"` + string(p) + `"%'`)
	}
	return conditions
}

// ByID returns the role groups with these ids, in the order of their names.
func ByID(ctx context.Context, db machinery.Reader, ids []string) ([]Item, error) {
	if len(ids) == 0 {
		return nil, nil // nothing was asked for
	}
	return machinery.Select[Item](ctx, db, `SELECT `+Model.Columns+` FROM `+Table+` WHERE `+db.InList("id", "$1")+` ORDER BY sort_name, id`, ids)
}
