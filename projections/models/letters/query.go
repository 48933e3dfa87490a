package letters

import (
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/letter"
	"sleutelbos/projections/machinery/listing"
)

// Model describes the list of letters.
var Model = listing.Model[Row]{
	Table: Table, Columns: New().Columns(), Organization: "organization_id", Account: "account_id", Search: "search", Default: "createdAt",
	Filters: []listing.Filter{listing.ByID("accountId", "account_id")},
	Owner: func(r *Row) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Account: r.AccountID, Revision: r.Revision}
	},
	Fields: []listing.Field[Row]{
		listing.Of(listing.ID, "id", func(r *Row) *string { return &r.ID }),
		listing.Of(listing.ID, "accountId", func(r *Row) *string { return &r.AccountID }),
		listing.Of(listing.ID, "organizationId", func(r *Row) *string { return &r.OrganizationID }),
		listing.Of(listing.OneOf, "kind", func(r *Row) *string { return &r.Kind }).From(domain.Values(letter.Kinds())).
			Filtered(listing.ByOneOf("kind", "kind", domain.Values(letter.Kinds()))),
		listing.Of(listing.Text, "subject", func(r *Row) *string { return &r.Subject }),
		listing.Of(listing.Text, "recipient", func(r *Row) *string { return &r.Recipient }),
		listing.Of(listing.Moment, "createdAt", func(r *Row) *time.Time { return &r.CreatedAt }).Sorted("created_at"),
		listing.Of(listing.Moment, "printedAt", func(r *Row) *time.Time { return &r.PrintedAt }).
			Filtered(listing.ByFlag("printed", "(printed_at <> '')")),
		listing.Of(listing.Moment, "sentAt", func(r *Row) *time.Time { return &r.SentAt }).
			Filtered(listing.ByFlag("sent", "(sent_at <> '')")),
		listing.Of(listing.Moment, "invalidAt", func(r *Row) *time.Time { return &r.InvalidAt }).
			Filtered(listing.ByFlag("invalid", "(invalid_at <> '')")),
		listing.Of(listing.Text, "invalidBecause", func(r *Row) *string { return &r.InvalidBecause }).Nullable(),
		listing.Of(listing.Number, "revision", func(r *Row) *int64 { return &r.Revision }),
	},
}.Check()
