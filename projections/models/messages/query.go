package messages

import (
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/message"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// Item is a row with what its account says of it.
type Item struct {
	Row
	Shielded bool `db:"shielded"` // the holder is an internal employee: the address is not for everyone
}

// shielded is whether the account of a mail is shielded.
const shielded = "EXISTS (SELECT 1 FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".account_id AND a.internal_employee = TRUE)"

// Model describes the list of mails. Their accounts and organizations are texts, since some mails
// are about neither.
var Model = listing.Model[Item]{
	Table: Table, Columns: New().Columns() + ", " + shielded + " AS shielded", Organization: "organization_id", Account: "account_id", Search: "search", Default: "queuedAt",
	Filters: []listing.Filter{listing.ByID("accountId", "account_id")},
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Account: r.AccountID, Revision: r.Revision}
	},
	Fields: []listing.Field[Item]{
		listing.Of(listing.ID, "id", func(r *Item) *string { return &r.ID }),
		listing.Of(listing.Text, "template", func(r *Item) *string { return &r.Template }).Filtered(listing.ByText("template", "template")),
		listing.Of(listing.Text, "to", func(r *Item) *string { return &r.Recipient }).Told("recipient").Nullable().InSearch().
			ForWhere(listing.Confidants, machinery.SQL(shielded), func(r *Item) bool { return r.Shielded }),
		listing.Of(listing.Flag, "toAdmin", func(r *Item) *bool { return &r.ToAdmin }).Says("It was redirected to an administrator."),
		listing.Of(listing.Text, "accountId", func(r *Item) *string { return &r.AccountID }),
		listing.Of(listing.Text, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "language", func(r *Item) *string { return &r.Language }),
		listing.Of(listing.OneOf, "status", func(r *Item) *string { return &r.Status }).From(domain.Values(message.Statuses())).
			Filtered(listing.ByOneOf("status", "status", domain.Values(message.Statuses()))),
		listing.Of(listing.Number, "attempts", func(r *Item) *int64 { return &r.Attempts }),
		listing.Of(listing.Text, "lastError", func(r *Item) *string { return &r.LastError }).Nullable(),
		listing.Of(listing.Moment, "queuedAt", func(r *Item) *time.Time { return &r.QueuedAt }).Sorted("queued_at"),
		listing.Of(listing.Moment, "at", func(r *Item) *time.Time { return &r.At }).Says("Of the last change."),
		listing.Of(listing.Number, "revision", func(r *Item) *int64 { return &r.Revision }),
	},
}.Check()
