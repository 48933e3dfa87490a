package licenserequests

import (
	"context"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
)

// Item is a row with the names of whom and what it is about.
type Item struct {
	Row
	Username    string `db:"username"`
	Name        string `db:"name"`
	LicenseName string `db:"license_name"`
	// RequestedName and DecidedName are like RequestedBy and DecidedBy only for those who may see them.
	RequestedName string `db:"requested_name"`
	DecidedName   string `db:"decided_name"`
}

// Model describes the list of license requests. A search looks at the names of requesters and
// licenses.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: New().Columns() +
		", coalesce((SELECT username FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".account_id), '') AS username" +
		", coalesce((SELECT name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".account_id), '') AS name" +
		", coalesce((SELECT name FROM " + licenselist.Table + " l WHERE l.id = " + Table + ".license_id), '') AS license_name" +
		", coalesce((SELECT name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".requested_by), '') AS requested_name" +
		", coalesce((SELECT name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".decided_by), '') AS decided_name",
	Organization: "organization_id", Account: "account_id", Default: "requestedAt",
	SearchIn: search,
	Filters:  []listing.Filter{listing.ByID("accountId", "account_id"), listing.ByID("licenseId", "license_id")},
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Account: r.AccountID, Revision: r.Revision}
	},
	Fields: []listing.Field[Item]{
		listing.Of(listing.ID, "id", func(r *Item) *string { return &r.ID }),
		listing.Of(listing.ID, "accountId", func(r *Item) *string { return &r.AccountID }),
		listing.Of(listing.ID, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "username", func(r *Item) *string { return &r.Username }),
		listing.Of(listing.Text, "name", func(r *Item) *string { return &r.Name }),
		listing.Of(listing.ID, "licenseId", func(r *Item) *string { return &r.LicenseID }),
		listing.Of(listing.Text, "licenseName", func(r *Item) *string { return &r.LicenseName }),
		listing.Of(listing.Text, "standard", func(r *Item) *string { return &r.Standard }).Says("The standard in the license that was asked for.").Nullable(),
		listing.Of(listing.Text, "reason", func(r *Item) *string { return &r.Reason }).Nullable(),
		listing.Of(listing.OneOf, "status", func(r *Item) *string { return &r.Status }).From(domain.Values(licenserequest.Statuses())).
			Filtered(listing.ByOneOf("status", "status", domain.Values(licenserequest.Statuses()))),
		listing.Of(listing.Moment, "requestedAt", func(r *Item) *time.Time { return &r.RequestedAt }).Sorted("requested_at"),
		listing.Of(listing.Actor, "requestedBy", func(r *Item) *string { return &r.RequestedBy }).
			Says("Who asked, for the account or for somebody else. Only for those who may see it.").For(listing.Deciders).LeftOut(),
		listing.Of(listing.Text, "requestedByName", func(r *Item) *string { return &r.RequestedName }).
			Says("Only for those who may see it.").For(listing.Deciders).Nullable().LeftOut(),
		listing.Of(listing.Moment, "decidedAt", func(r *Item) *time.Time { return &r.DecidedAt }).Sorted("decided_at"),
		listing.Of(listing.Text, "decisionReason", func(r *Item) *string { return &r.DecisionReason }).Nullable(),
		listing.Of(listing.Actor, "decidedBy", func(r *Item) *string { return &r.DecidedBy }).
			Says("Only for those who may see it.").For(listing.Deciders).LeftOut(),
		listing.Of(listing.Text, "decidedByName", func(r *Item) *string { return &r.DecidedName }).
			Says("Only for those who may see it.").For(listing.Deciders).Nullable().LeftOut(),
		listing.Of(listing.Number, "revision", func(r *Item) *int64 { return &r.Revision }),
	},
}.Check()

// CountOpen returns how many requests wait for a decision in an organization (empty: all).
func CountOpen(ctx context.Context, db machinery.Reader, organization string) (int64, error) {
	w := &listing.Where{}
	w.Equal("organization_id", organization)
	w.Equal("status", Open)
	return listing.Count(ctx, db, Table, w)
}

// search asks of each word whether the requester or the license is called so, since who types
// both names means both.
func search(ctx context.Context, db machinery.Reader, w *listing.Where, words []string) error {
	for _, word := range words {
		account, err := accountlist.Named(ctx, db, w, Table+".account_id", []string{word})
		if err != nil {
			return err
		}
		license, err := db.Named(ctx, licenselist.Table, "search", []string{word}, "", Table+".license_id", w.Arg)
		if err != nil {
			return err
		}
		w.Raw("(" + account + " OR " + license + ")")
	}
	return nil
}

// OpenOf returns the ids of the requests of an account that wait for a decision.
func OpenOf(ctx context.Context, db machinery.Reader, accountID string) ([]string, error) {
	return texts(ctx, db, `SELECT id AS text FROM `+Table+` WHERE account_id = $1 AND status = $2 ORDER BY id`, accountID, Open)
}

func texts(ctx context.Context, db machinery.Reader, sql string, args ...any) ([]string, error) {
	type row struct {
		Text string `db:"text"`
	}
	rows, err := machinery.Select[row](ctx, db, sql, args...)
	all := make([]string, len(rows))
	for i, r := range rows {
		all[i] = r.Text
	}
	return all, err
}
