package licenselist

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

// Model describes the list of licenses.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: New().Columns() + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Organization: "organization_id", Search: "search", Default: "name",
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Revision: r.Revision}
	},
	Fields: []listing.Field[Item]{
		listing.Of(listing.ID, "id", func(r *Item) *string { return &r.ID }),
		listing.Of(listing.ID, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "organizationName", func(r *Item) *string { return &r.OrganizationName }),
		listing.Of(listing.Text, "name", func(r *Item) *string { return &r.Name }).SortedBy("sort_name", func(r *Item) string { return r.SortName }),
		listing.Of(listing.Flag, "companyWideApproved", func(r *Item) *bool { return &r.Approved }).Says("The provider lets the organization make it company-wide.").
			Filtered(listing.ByFlag("companyWideApproved", "company_wide_approved")),
		listing.Of(listing.Flag, "companyWide", func(r *Item) *bool { return &r.CompanyWide }).Filtered(listing.ByFlag("companyWide", "company_wide")),
		listing.Of(listing.Flag, "shownInSelection", func(r *Item) *bool { return &r.ShownInSelection }).
			Filtered(listing.ByFlag("shownInSelection", "shown_in_selection")),
		listing.Of(listing.Texts, "standards", func(r *Item) *[]string { return &r.Standards }),
		listing.Of(listing.Number, "holders", func(r *Item) *int64 { return &r.Holders }).Says("Accounts to which it was granted.").For(listing.Colleagues),
		listing.Of(listing.Number, "openRequests", func(r *Item) *int64 { return &r.OpenRequests }).For(listing.Colleagues),
		listing.Of(listing.Moment, "createdAt", func(r *Item) *time.Time { return &r.CreatedAt }).Sorted("created_at"),
		listing.Of(listing.Moment, "changedAt", func(r *Item) *time.Time { return &r.ChangedAt }),
		listing.Of(listing.Number, "revision", func(r *Item) *int64 { return &r.Revision }),
	},
}.Check()

// Held returns the licenses that an account may use: those granted and those that are
// company-wide in its organization.
func Held(ctx context.Context, db machinery.Reader, organization string, granted []string) ([]Item, error) {
	if granted == nil {
		granted = []string{}
	}
	return machinery.Select[Item](ctx, db, `SELECT `+Model.Columns+` FROM `+Table+
		` WHERE (organization_id = $1 AND company_wide) OR `+db.InList("id", "$2")+` ORDER BY sort_name, id`, organization, granted)
}
