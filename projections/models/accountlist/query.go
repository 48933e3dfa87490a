package accountlist

import (
	"context"
	"strings"
	"time"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/organizationlist"
)

// Item is what the list shows of a row, with the name of its organization.
type Item struct {
	accountfacts.Facts
	OrganizationName string `db:"organization_name"`
}

// Model describes the list of accounts.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: machinery.ColumnsOf[accountfacts.Facts](Table) + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Organization: "organization_id", Account: "id", Search: "search", SearchKept: "search_open", Default: "name",
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Account: r.ID, Revision: r.Revision}
	},
	Fields: accountfacts.FieldsOf(func(i *Item) *accountfacts.Facts { return &i.Facts }, func(i *Item) *string { return &i.OrganizationName }),
}.Check()

// Named returns the predicate that a key, which must be qualified, is the id of an account that a
// search finds. A shielded account is found by its name and username only, whoever asks.
func Named(ctx context.Context, db machinery.Reader, w *listing.Where, key string, words []string) (string, error) {
	named := make([]string, len(words))
	for i, word := range words {
		named[i] = listing.Holds("search_open", w.Arg(word))
	}
	return db.Named(ctx, Table, "search", words, "(search_open = '' OR "+strings.Join(named, " AND ")+")", key, w.Arg)
}

// Counts returns how many accounts wear each badge at a moment, within an organization
// (empty: all), for the chips of the list. It reads the accounts once.
func Counts(ctx context.Context, db machinery.Reader, organization string, now time.Time) (map[string]int64, error) {
	type count struct {
		Badge string `db:"badge"`
		N     int64  `db:"n"`
	}
	counts, cases, args, where := map[string]int64{}, "", []any{now}, ""
	for badge, is := range accountfacts.BadgeConditions() { // no two are true of one account, so any order will do
		counts[string(badge)] = 0
		cases += " WHEN " + is.In("$1") + " THEN '" + string(badge) + "'"
	}
	if organization != "" {
		where, args = " WHERE organization_id = $2", append(args, organization)
	}
	rows, err := machinery.Select[count](ctx, db, "SELECT CASE"+cases+" ELSE '' END AS badge, count(*) AS n FROM "+Table+where+" GROUP BY 1", args...)
	for _, row := range rows {
		counts[row.Badge] = row.N
	}
	return counts, err
}

// DueActivations returns the accounts whose activation is over and not recorded as such.
func DueActivations(ctx context.Context, db machinery.Reader, now time.Time, limit int) ([]string, error) {
	return ids(ctx, db, `SELECT id FROM `+Table+` WHERE activation = 'sent' AND activation_expires_at <= $1 AND closed = FALSE
		ORDER BY activation_expires_at LIMIT $2`, now, limit)
}

// DueAccounts returns the accounts whose end date has passed and is not recorded as such.
func DueAccounts(ctx context.Context, db machinery.Reader, now time.Time, limit int) ([]string, error) {
	return ids(ctx, db, `SELECT id FROM `+Table+` WHERE ends_at <> '' AND ends_at <= $1 AND expired_at = '' AND closed = FALSE
		ORDER BY ends_at LIMIT $2`, now, limit)
}

// Members returns accounts of an organization that are not closed and were created by a moment, in
// the order of their ids from behind one on; with a mail domain, those whose usernames are in it.
func Members(ctx context.Context, db machinery.Reader, organization string, createdBy time.Time, domain, after string, limit int) ([]string, error) {
	return ids(ctx, db, `SELECT id FROM `+Table+` WHERE organization_id = $1 AND id > $2 AND created_at <= $3 AND ($4 = '' OR username_domain = $4)
		AND closed = FALSE ORDER BY id LIMIT $5`, organization, after, createdBy, domain, limit)
}

// InDomainElsewhere returns accounts whose username is in a mail domain although they are not of
// the organization to which the domain belongs. Their names were there before the claim.
func InDomainElsewhere(ctx context.Context, db machinery.Reader, organization, domain string, limit int) ([]Item, error) {
	return machinery.Select[Item](ctx, db, `SELECT `+Model.Columns+` FROM `+Table+` WHERE username_domain = $1 AND username_domain <> ''
		AND (organization_id < $2 OR organization_id > $2) AND closed = FALSE ORDER BY id LIMIT $3`, domain, organization, limit)
}

func ids(ctx context.Context, db machinery.Reader, sql string, args ...any) ([]string, error) {
	type id struct {
		ID string `db:"id"`
	}
	rows, err := machinery.Select[id](ctx, db, sql, args...)
	list := make([]string, len(rows))
	for i, row := range rows {
		list[i] = row.ID
	}
	return list, err
}
