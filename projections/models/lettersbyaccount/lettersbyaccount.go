// Package lettersbyaccount is the read model of the accounts that ever got a letter: how many
// letters were made for each, and what became of them.
package lettersbyaccount

import (
	"context"
	"slices"
	"time"

	"sleutelbos/domain/letter"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
)

// Table is the name of the read model.
const Table = "letters_by_account_v1"

// Row counts the letters of one account. A letter counts in each state that it has reached: one
// that was printed and has become invalid since is both.
type Row struct {
	ID             string    `db:"id,key"` // of the account
	OrganizationID string    `db:"organization_id"`
	Made           int64     `db:"made"`
	Printed        int64     `db:"printed"`
	Sent           int64     `db:"sent"`
	Invalid        int64     `db:"invalid"`
	ToPrint        []string  `db:"to_print"` // the ids of the letters that wait to be printed
	Waiting        int64     `db:"waiting"`  // how many these are
	LastAt         time.Time `db:"last_at"`  // when the last letter was made
}

// New returns the projection.
func New() *machinery.Table[Row] {
	t := machinery.NewTable[Row](Table, `
		CREATE INDEX {index}_last ON {table} (last_at, id);
		CREATE INDEX {index}_organization ON {table} (organization_id, last_at, id);`)
	machinery.On(t, machinery.ByAccount, func(row Row, e letter.Created, r eventstore.Record) Row {
		row.OrganizationID, row.Made, row.LastAt = e.OrganizationID, row.Made+1, r.Envelope.OccurredAt
		return row.awaiting(append(slices.Clone(row.ToPrint), r.AggregateID()))
	})
	machinery.On(t, machinery.ByAccount, func(row Row, _ letter.Printed, r eventstore.Record) Row {
		row.Printed++
		return row.awaiting(without(row.ToPrint, r.AggregateID()))
	})
	machinery.On(t, machinery.ByAccount, func(row Row, _ letter.Sent, _ eventstore.Record) Row {
		row.Sent++
		return row
	})
	machinery.On(t, machinery.ByAccount, func(row Row, _ letter.Invalidated, r eventstore.Record) Row {
		row.Invalid++
		return row.awaiting(without(row.ToPrint, r.AggregateID()))
	})
	return t
}

func (row Row) awaiting(letters []string) Row {
	row.ToPrint, row.Waiting = letters, int64(len(letters))
	return row
}

func without(letters []string, id string) []string {
	letters = slices.DeleteFunc(slices.Clone(letters), func(l string) bool { return l == id })
	if len(letters) == 0 {
		return nil // as an empty list reads from a table
	}
	return letters
}

// Item is a row with the names of the account and its organization.
type Item struct {
	Row
	Username         string `db:"username"`
	Name             string `db:"name"`
	ListedName       string `db:"listed_name"` // as lists show it that are sorted by it
	SortName         string `db:"sort_name"`
	OrganizationName string `db:"organization_name"`
}

const sortName = "coalesce((SELECT sort_name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".id), '')"

// Model describes the list. A search looks at the names of the accounts.
var Model = listing.Model[Item]{
	Table: Table,
	Columns: New().Columns() + ", " + sortName + " AS sort_name" +
		", coalesce((SELECT username FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".id), '') AS username" +
		", coalesce((SELECT name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".id), '') AS name" +
		", coalesce((SELECT listed_name FROM " + accountlist.Table + " a WHERE a.id = " + Table + ".id), '') AS listed_name" +
		", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table + ".organization_id), '') AS organization_name",
	Organization: "organization_id", Account: "id", SearchIn: search, Default: "lastLetterAt",
	Owner: func(r *Item) listing.Owner {
		return listing.Owner{ID: r.ID, Organization: r.OrganizationID, Account: r.ID}
	},
	Fields: []listing.Field[Item]{
		listing.Of(listing.ID, "accountId", func(r *Item) *string { return &r.ID }).Filtered(listing.ByID("accountId", "id")),
		listing.Of(listing.ID, "organizationId", func(r *Item) *string { return &r.OrganizationID }),
		listing.Of(listing.Text, "organizationName", func(r *Item) *string { return &r.OrganizationName }),
		listing.Of(listing.Text, "username", func(r *Item) *string { return &r.Username }),
		listing.Of(listing.Text, "name", func(r *Item) *string { return &r.Name }).SortedBy(sortName, func(r *Item) string { return r.SortName }),
		listing.Of(listing.Number, "made", func(r *Item) *int64 { return &r.Made }).Says("Letters that were made for the account.").Sorted("made"),
		listing.Of(listing.Number, "printed", func(r *Item) *int64 { return &r.Printed }),
		listing.Of(listing.Number, "sent", func(r *Item) *int64 { return &r.Sent }),
		listing.Of(listing.Number, "invalid", func(r *Item) *int64 { return &r.Invalid }).Says("Printed or not.").Sorted("invalid"),
		listing.Of(listing.Number, "waiting", func(r *Item) *int64 { return &r.Waiting }).Says("Neither printed nor invalid.").Sorted("waiting").
			Filtered(listing.ByFlag("waiting", "(waiting > 0)").Says("Has a letter that waits to be printed.")),
		listing.Of(listing.Moment, "lastLetterAt", func(r *Item) *time.Time { return &r.LastAt }).Says("When the last letter was made.").Sorted("last_at"),
	},
}.Check()

func search(ctx context.Context, db machinery.Reader, w *listing.Where, words []string) error {
	account, err := accountlist.Named(ctx, db, w, Table+".id", words)
	if err == nil {
		w.Raw(account)
	}
	return err
}
