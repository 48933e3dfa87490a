package messages

import (
	"context"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/message"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// Model describes the list of mails. Their accounts and organizations are texts, since some mails
// are about neither.
var Model = listing.Model[Row]{
	Table: Table, Columns: New().Columns(), Organization: "organization_id", Account: "account_id", Search: "search", Default: "queuedAt",
	Filters: []listing.Filter{listing.ByID("accountId", "account_id")},
	Owner: func(r *Row) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Account: r.AccountID, Revision: r.Revision}
	},
	Fields: []listing.Field[Row]{
		listing.Of(listing.ID, "id", func(r *Row) *string { return &r.ID }),
		listing.Of(listing.Text, "template", func(r *Row) *string { return &r.Template }).Filtered(listing.ByText("template", "template")),
		listing.Of(listing.Text, "to", func(r *Row) *string { return &r.Recipient }),
		listing.Of(listing.Flag, "toAdmin", func(r *Row) *bool { return &r.ToAdmin }).Says("It was redirected to an administrator."),
		listing.Of(listing.Text, "accountId", func(r *Row) *string { return &r.AccountID }),
		listing.Of(listing.Text, "organizationId", func(r *Row) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "language", func(r *Row) *string { return &r.Language }),
		listing.Of(listing.OneOf, "status", func(r *Row) *string { return &r.Status }).From(domain.Values(message.Statuses())).
			Filtered(listing.ByOneOf("status", "status", domain.Values(message.Statuses()))),
		listing.Of(listing.Number, "attempts", func(r *Row) *int64 { return &r.Attempts }),
		listing.Of(listing.Text, "lastError", func(r *Row) *string { return &r.LastError }).Nullable(),
		listing.Of(listing.Moment, "queuedAt", func(r *Row) *time.Time { return &r.QueuedAt }).Sorted("queued_at"),
		listing.Of(listing.Moment, "at", func(r *Row) *time.Time { return &r.At }).Says("Of the last change."),
		listing.Of(listing.Number, "revision", func(r *Row) *int64 { return &r.Revision }),
	},
}.Check()

// Filter keeps the mails that fit; a zero member keeps all.
type Filter struct {
	Organization string
	Account      string
	ID           string
	Template     string
	Status       string
}

func (f Filter) question(q listing.Query) listing.Question {
	return listing.Question{Query: q, Organization: f.Organization, Account: f.Account, Fits: map[string]string{
		"template": f.Template, "status": f.Status,
	}}.Only(f.ID)
}

// List returns a page of the mails that fit.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Row], error) {
	return Model.Page(ctx, db, f.question(q))
}
