package papers

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/lettersbyaccount"
)

// letterAccountList is the list of the accounts that got letters.
var letterAccountList = lists.List[lettersbyaccount.Item, lettersbyaccount.Item]{
	Path: "/letters/by-account", Key: "letters-by-account", Says: "list", Nav: "letters", Icon: "users", Bare: "letters-by-account.none",
	Right: rights.ReadLetters, Thing: answers.LettersByAccount,
	Order:   func(url.Values) string { return "-lastLetterAt" },
	Filters: []lists.Filter{lists.Organizations()},
	Links:   []string{"accountId"},
	Views:   lists.Views{All: letterAccountViews},
	Rows:    lists.Same[lettersbyaccount.Item],
	Columns: letterAccountColumns,
	Of: func(row *lettersbyaccount.Item) lists.Line {
		return lists.Line{ID: row.ID, Href: lettersOf(row), Name: row.Name}
	},
}

// lettersOf returns the address of the letters that a row counts.
func lettersOf(row *lettersbyaccount.Item) string {
	return frame.Address("/letters", map[string]string{"accountId": row.ID})
}

// letterAccountViews has a view of all accounts, and tells those for which a letter waits from the others.
func letterAccountViews(time.Time) []lists.Fits {
	return []lists.Fits{
		{Key: "all", Values: map[string]string{"waiting": ""}},
		{Key: "waiting", Values: map[string]string{"waiting": "true"}},
		{Key: "done", Values: map[string]string{"waiting": "false"}},
	}
}

func letterAccountColumns(v *lists.View) []lists.Column[lettersbyaccount.Item] {
	type row = lettersbyaccount.Item
	number := func(of func(*row) int64) func(*row) any {
		return func(a *row) any { return strconv.FormatInt(of(a), 10) }
	}
	columns := []lists.Column[row]{{
		Text: "letters-by-account.account", Sort: "name", Main: true, Cell: "cell-main",
		Value: func(a *row) any {
			return lists.Main{Href: lettersOf(a), Text: cmp.Or(a.ListedName, a.ID), Second: a.Username}
		},
	}}
	if v.Everywhere() {
		columns = append(columns, lists.Column[row]{Text: "letters-by-account.organization", Cell: "cell-text", Value: func(a *row) any { return a.OrganizationName }})
	}
	return append(columns,
		lists.Column[row]{Text: "letters-by-account.made", Sort: "made", Number: true, Cell: "cell-text", Value: number(func(a *row) int64 { return a.Made })},
		lists.Column[row]{Text: "letters-by-account.waiting", Sort: "waiting", Number: true, Cell: "cell-text", Value: number(func(a *row) int64 { return a.Waiting })},
		lists.Column[row]{Text: "letters.printed", Number: true, Cell: "cell-text", Value: number(func(a *row) int64 { return a.Printed })},
		lists.Column[row]{Text: "letters.sent", Number: true, Cell: "cell-text", Value: number(func(a *row) int64 { return a.Sent })},
		lists.Column[row]{Text: "letters.invalid", Sort: "invalid", Number: true, Cell: "cell-text", Value: number(func(a *row) int64 { return a.Invalid })},
		lists.Column[row]{Text: "letters-by-account.last", Sort: "lastLetterAt", Cell: "cell-time", Value: func(a *row) any { return a.LastAt }})
}
