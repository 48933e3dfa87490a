package accounts

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
)

// listPages list accounts.
type listPages struct{ Section }

func (s listPages) mount(r chi.Router) {
	r.Get("/accounts", s.Pages.SignedIn(s.showAccounts))
	r.Post("/accounts/columns", s.Pages.SignedIn(s.chooseColumns))
	r.Get("/search", s.Pages.SignedIn(s.search))
}

// showAccounts shows the list; who sees but the own account gets that one.
func (s listPages) showAccounts(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "ListAccounts", rights.ReadAccounts); err != nil {
		return err
	}
	if who := session.Who(r.Context()); who.May(rights.ReadAccounts) == rights.ScopeSelf {
		http.Redirect(w, r, "/accounts/"+who.AccountID, http.StatusSeeOther)
		return nil
	}
	return accountList.Show(s.Site, w, r, nil)
}

// accountList is the list of accounts. Its address takes the parameters of the API, and
// show=all for closed accounts among the others, which are left out otherwise.
var accountList = lists.List[accountlist.Item, accountRow]{
	Path: "/accounts", Key: "accounts", Says: "accounts", Nav: "accounts", Icon: "users", Bare: "accounts.none-yet", Tall: true,
	Right: rights.ReadAccounts, Thing: answers.Accounts,
	Order: func(url.Values) string { return accountlist.Model.Default },
	Fix:   withoutClosed,
	Filters: append([]lists.Filter{
		lists.Organizations(), lists.OneOf("role", account.Roles()), lists.OneOf("badge", badges), {Name: "license", Choices: licenseChoices},
		{Name: "roleGroup", Choices: roleChoices},
	}, offeredFilters()...),
	Links: []string{"show"}, EveryChip: true,
	Views:   lists.Views{All: savedFilters, Saved: true, Count: countBadges},
	Rows:    accountRows,
	Columns: accountColumns,
	Of: func(row *accountRow) lists.Line {
		return lists.Line{ID: row.ID, Href: "/accounts/" + row.ID, Name: row.Name}
	},
	Selection: func(v *lists.View) *lists.Selection {
		selection := lists.Selection{
			Action: "/accounts/selected", Method: "get", Ticks: v.Sees(rights.ManageAccounts), Help: "accounts.selected-help",
			Choose: "selected.choose", All: "selected.all",
		}
		for _, act := range (Section{Site: v.Site}).offered(v.Request.Context(), v.Scope) {
			selection.Buttons = append(selection.Buttons, act.button())
		}
		return &selection
	},
	Add: func(v *lists.View) *lists.Link {
		if !v.Sees(rights.ManageAccounts) {
			return nil
		}
		return &lists.Link{Href: frame.Address("/accounts/new", map[string]string{"organizationId": v.Asked("organizationId")}), Text: "accounts.add"}
	},
	Menu:  "account-columns",
	Extra: func(v *lists.View) any { return columnsOf(v.Request, v.Who) },
}

func withoutClosed(asked url.Values) {
	if asked.Get("show") != "all" && asked.Get("closed") == "" && asked.Get("badge") != string(account.BadgeClosed) {
		asked.Set("closed", "false")
	}
	asked.Del("show")
}

// roleChoices are the role groups of an organization; one that works with none has no choice.
func roleChoices(v *lists.View) ([]frame.Option, error) {
	organization := cmp.Or(v.Scope, v.Asked("organizationId"))
	c := v.Choice("roleGroup")
	found, err := answers.RoleGroups.Find(v.Request.Context(), v.Site.Source, v.Asker, listing.Question{Organization: organization, Query: c.Query()})
	for _, g := range found.Items {
		label := g.Name
		if organization == "" && g.OrganizationName != "" {
			label += " (" + g.OrganizationName + ")"
		}
		c.Options = append(c.Options, frame.Option{Value: g.ID, Label: label})
	}
	c.Cut(found.Total, len(found.Items))
	return c.Options, err
}

func licenseChoices(v *lists.View) ([]frame.Option, error) {
	organization := cmp.Or(v.Scope, v.Asked("organizationId"))
	c := v.Choice("license")
	found, err := answers.Licenses.Find(v.Request.Context(), v.Site.Source, v.Asker, listing.Question{Organization: organization, Query: c.Query()})
	for _, l := range found.Items {
		label := l.Name
		if organization == "" && l.OrganizationName != "" {
			label += " (" + l.OrganizationName + ")"
		}
		c.Options = append(c.Options, frame.Option{Value: l.ID, Label: label})
	}
	c.Cut(found.Total, len(found.Items))
	return c.Options, err
}
