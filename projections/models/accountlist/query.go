package accountlist

import (
	"context"
	"iter"
	"strings"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// Item is a row with the name of its organization.
type Item struct {
	Row
	OrganizationName string `db:"organization_name"`
}

// Filter keeps the accounts that fit; a zero member keeps all.
type Filter struct {
	Organization  string
	Account       string // this one only
	Role          string
	Channel       string
	Activation    string // an account.ActivationStatus, as of Now
	Badge         string // an account.Badge, as of Now
	License       string // holds a grant of it
	Enabled       *bool
	Blocked       *bool
	Expired       *bool
	Closed        *bool
	CanLogIn      *bool
	EndsBefore    time.Time // has an end date before
	CreatedAfter  time.Time
	CreatedBefore time.Time
	Now           time.Time
}

var list = listing.List{
	Table: Table,
	Columns: New().Columns() + ", coalesce((SELECT name FROM " + organizationlist.Table + " o WHERE o.id = " + Table +
		".organization_id), '') AS organization_name",
	Key:    "id",
	Search: "search",
	Sorts: []listing.Sort{
		{Name: "name", Column: "sort_name"}, {Name: "username", Column: "sort_username"},
		{Name: "createdAt", Column: "created_at"}, {Name: "changedAt", Column: "changed_at"},
		{Name: "activationSentAt", Column: "activation_sent_at"}, {Name: "activatedAt", Column: "activated_at"},
		{Name: "validUntil", Column: "ends_at"},
	},
}

// Sorts are the orders of the list.
func Sorts() []listing.Sort { return list.Sorts }

// List answers a page of the accounts that fit.
func List(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) (listing.Page[Item], error) {
	return listing.Ask(ctx, db, list, f.where(db), q, place)
}

// All yields every account that fits, in the order of the query.
func All(ctx context.Context, db machinery.Reader, f Filter, q listing.Query) iter.Seq2[Item, error] {
	return listing.All[Item](ctx, db, list, f.where(db), q)
}

func place(row Item, column string) listing.Place {
	value := map[string]string{
		"sort_name": row.SortName, "sort_username": row.SortUsername,
		"created_at": machinery.TimeText(row.CreatedAt), "changed_at": machinery.TimeText(row.ChangedAt),
		"activation_sent_at": machinery.TimeText(row.ActivationSentAt), "activated_at": machinery.TimeText(row.ActivatedAt),
		"ends_at": machinery.TimeText(row.EndsAt),
	}[column]
	return listing.Place{Value: value, Key: row.ID}
}

func (f Filter) where(db machinery.Reader) *listing.Where {
	w := &listing.Where{}
	w.Equal("organization_id", f.Organization)
	w.Equal("id", f.Account)
	w.Equal("role", f.Role)
	w.Equal("activation_channel", f.Channel)
	if f.Activation != "" {
		is := activation[account.ActivationStatus(f.Activation)]
		w.And(is.sql, times(f.Now, is.now)...)
	}
	if f.Badge != "" {
		is := badges[account.Badge(f.Badge)]
		w.And(is.sql, times(f.Now, is.now)...)
	}
	if f.License != "" {
		w.Raw(db.HasMember("licenses", w.Arg(f.License)))
	}
	if f.Enabled != nil {
		w.Raw(either(*f.Enabled, "NOT disabled", "disabled = TRUE"))
	}
	w.Is("blocked", f.Blocked)
	w.Is("closed", f.Closed)
	if f.Expired != nil {
		w.And(either(*f.Expired, over, notOver), f.Now)
	}
	if f.CanLogIn != nil {
		w.And(either(*f.CanLogIn, badges[account.BadgeActive].sql, "NOT ("+badges[account.BadgeActive].sql+")"), f.Now)
	}
	if !f.EndsBefore.IsZero() {
		w.And("ends_at <> '' AND ends_at < ?", f.EndsBefore)
	}
	if !f.CreatedAfter.IsZero() {
		w.And("created_at >= ?", f.CreatedAfter)
	}
	if !f.CreatedBefore.IsZero() {
		w.And("created_at < ?", f.CreatedBefore)
	}
	return w
}

// condition is SQL that asks for the present moment a number of times.
type condition struct {
	sql string
	now int
}

const (
	over    = "(ends_at <> '' AND ends_at <= ?)"
	notOver = "(ends_at = '' OR ends_at > ?)"
	usable  = "NOT closed AND NOT blocked AND NOT disabled AND " + notOver
)

// The clock may know better than the last event: an activation is over at its deadline,
// whether or not that has been recorded yet.
var activation = map[account.ActivationStatus]condition{
	account.StatusNotSent:   {"activation = 'not_sent'", 0},
	account.StatusSent:      {"(activation = 'sent' AND activation_expires_at > ?)", 1},
	account.StatusExpired:   {"(activation = 'expired' OR (activation = 'sent' AND activation_expires_at <= ?))", 1},
	account.StatusCompleted: {"activation = 'completed'", 0},
}

var badges = map[account.Badge]condition{
	account.BadgeClosed:            {"closed = TRUE", 0},
	account.BadgeBlocked:           {"NOT closed AND blocked = TRUE", 0},
	account.BadgeDisabled:          {"NOT closed AND NOT blocked AND disabled = TRUE", 0},
	account.BadgeExpired:           {"NOT closed AND NOT blocked AND NOT disabled AND " + over, 1},
	account.BadgeActivationExpired: {usable + " AND " + activation[account.StatusExpired].sql, 2},
	account.BadgeActivationNotSent: {usable + " AND " + activation[account.StatusNotSent].sql, 1},
	account.BadgeActivationSent:    {usable + " AND " + activation[account.StatusSent].sql, 2},
	account.BadgeActive:            {usable + " AND " + activation[account.StatusCompleted].sql, 1},
}

func times(now time.Time, n int) []any {
	args := make([]any, n)
	for i := range args {
		args[i] = now
	}
	return args
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// Counts answers how many accounts wear each badge at a moment, within an organization
// (empty: all), for the chips of the list. It reads the accounts once.
func Counts(ctx context.Context, db machinery.Reader, organization string, now time.Time) (map[string]int64, error) {
	type count struct {
		Badge string `db:"badge"`
		N     int64  `db:"n"`
	}
	counts, cases, args, where := map[string]int64{}, "", []any{now}, ""
	for badge, is := range badges { // no two are true of one account, so any order will do
		counts[string(badge)] = 0
		cases += " WHEN " + strings.ReplaceAll(is.sql, "?", "$1") + " THEN '" + string(badge) + "'"
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

// DueActivations answers the accounts whose activation is over and not recorded as such.
func DueActivations(ctx context.Context, db machinery.Reader, now time.Time, limit int) ([]string, error) {
	return ids(ctx, db, `SELECT id FROM `+Table+` WHERE activation = 'sent' AND activation_expires_at <= $1 AND closed = FALSE
		ORDER BY activation_expires_at LIMIT $2`, now, limit)
}

// DueAccounts answers the accounts whose end date has passed and is not recorded as such.
func DueAccounts(ctx context.Context, db machinery.Reader, now time.Time, limit int) ([]string, error) {
	return ids(ctx, db, `SELECT id FROM `+Table+` WHERE ends_at <> '' AND ends_at <= $1 AND expired_at = '' AND closed = FALSE
		ORDER BY ends_at LIMIT $2`, now, limit)
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
