package accounts

import (
	"net/http"
	"slices"
	"strings"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// column is one that the reader can choose.
type column struct {
	lists.Column[accountRow]
	Key   string
	Shown bool
}

// choosable are the columns beside the name, with those that are shown until the reader
// chooses.
var choosable = append([]column{
	{of("", "cell-text", func(a *accountRow) any { return a.OrganizationName }), "organization", true},
	{of("", "cell-value", func(a *accountRow) any { return account.Role(a.Role) }), "role", true},
	{of("", "cell-badge", func(a *accountRow) any { return account.Badge(a.Badge) }), "status", true},
	{of("activationSentAt", "account-sent", func(a *accountRow) any { return a }), "sent", true},
	{of("activatedAt", "cell-day", func(a *accountRow) any { return a.ActivatedAt }), "activated", true},
	{of("", "account-deadline", func(a *accountRow) any { return a }), "deadline", true},
	{of("validUntil", "cell-date", func(a *accountRow) any { return a.ValidUntil }), "until", true},
	{of("", "account-licenses", func(a *accountRow) any { return a.Held }), "licenses", true},
	{of("", "account-roles", func(a *accountRow) any { return a }), "roles", false},
	{of("", "cell-value", func(a *accountRow) any { return account.Channel(a.ActivationChannel) }), "channel", false},
	{of("createdAt", "cell-day", func(a *accountRow) any { return a.CreatedAt }), "created", false},
	{of("changedAt", "cell-day", func(a *accountRow) any { return a.ChangedAt }), "changed", false},
}, offered()...)

// offered are the columns that the table of facts offers, each with the name of its field.
func offered() []column {
	var columns []column
	for _, f := range accountlist.Model.Fields {
		if !f.Offered {
			continue
		}
		c := lists.Column[accountRow]{Field: f.Name, Cell: "cell-text", Value: func(a *accountRow) any { return f.Value(&a.Item, a.now) }}
		if f.Kind == listing.Flag {
			c.Cell = "cell-tick"
		}
		if f.Sortable() {
			c.Sort = f.Name
		}
		columns = append(columns, column{c, f.Name, false})
	}
	return columns
}

// offeredFilters are the filters that the table of facts offers beside the search.
func offeredFilters() []lists.Filter {
	var filters []lists.Filter
	for _, f := range accountlist.Model.Abouts(false) {
		for _, filter := range f.Filters {
			switch {
			case !f.Offered || filter.Kind != listing.Flag:
			case f.Kind == listing.Flag:
				filters = append(filters, lists.YesNo(filter.Name, f.Name))
			default:
				filters = append(filters, lists.Has(filter.Name, f.Name))
			}
		}
	}
	return filters
}

func of(sort, cell string, value func(*accountRow) any) lists.Column[accountRow] {
	return lists.Column[accountRow]{Sort: sort, Cell: cell, Value: value}
}

func accountColumns(v *lists.View) []lists.Column[accountRow] {
	columns := []lists.Column[accountRow]{{
		Text: "accounts.column.name", Sort: "name", Main: true, Cell: "cell-main",
		Value: func(a *accountRow) any {
			return lists.Main{Href: "/accounts/" + a.ID, Text: a.ListedName, Second: a.Username}
		},
	}}
	for _, c := range columnsOf(v.Request, v.Who) {
		if c.Shown {
			if c.Field == "" {
				c.Text = words.Member("accounts.column.*", c.Key)
			}
			columns = append(columns, c.Column)
		}
	}
	return columns
}

const columnsCookie = "account-columns"

// columnsOf returns the columns that the reader chose, or the usual ones.
func columnsOf(r *http.Request, who rights.Principal) []column {
	columns := slices.Clone(choosable)
	if who.May(rights.ReadAccounts) != rights.ScopeAll {
		columns = columns[1:] // one organization needs no column
	}
	chosen, err := r.Cookie(columnsCookie)
	if err != nil {
		return columns
	}
	keys := strings.Split(chosen.Value, ".")
	for i := range columns {
		columns[i].Shown = slices.Contains(keys, columns[i].Key)
	}
	return columns
}

// chooseColumns keeps in the browser which columns to show.
func (s listPages) chooseColumns(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	var keys []string
	for _, c := range choosable {
		if slices.Contains(r.PostForm["column"], c.Key) {
			keys = append(keys, c.Key)
		}
	}
	s.Pages.Cookies.Set(w, columnsCookie, strings.Join(keys, "."), frame.KeptLong)
	http.Redirect(w, r, frame.Local(r.PostFormValue("next")), http.StatusSeeOther)
	return nil
}
