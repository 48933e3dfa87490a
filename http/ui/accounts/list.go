package accounts

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/organizationlist"
)

// listPages list accounts.
type listPages struct{ Section }

func (s listPages) mount(r chi.Router) {
	r.Get("/accounts", s.Pages.SignedIn(s.showAccounts))
	r.Post("/accounts/columns", s.Pages.SignedIn(s.chooseColumns))
	r.Get("/search", s.Pages.SignedIn(s.search))
}

type accountsPage struct {
	accountsQuery
	Rows          []accountRow
	Total         int64
	Saved         []savedFilter
	Organizations []frame.Option // empty for who sees but one
	Licenses      []frame.Option
	Chips         []chip
	Columns       []column
	Next          string // address of the next page; empty at the end
	MayCreate     bool
	MayAct        bool
	Counting      bool // the saved filters have no counts yet; the page asks for them
	Empty         bool // there is no account at all within reach, whatever the filter
}

// accountRow is a line of the list.
type accountRow struct {
	accountlist.Item
	Badge      string
	Activation string
	Held       []string // names of the licenses
	Late       bool     // the deadline is over
}

// Shows says whether a column is chosen.
func (p accountsPage) Shows(key string) bool {
	return slices.ContainsFunc(p.Columns, func(c column) bool { return c.Key == key && c.Shown })
}

func (s listPages) showAccounts(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "ListAccounts", rights.ReadAccounts); err != nil {
		return err
	}
	ctx, who := r.Context(), session.Who(r.Context())
	if who.May(rights.ReadAccounts) == rights.ScopeSelf {
		http.Redirect(w, r, "/accounts/"+who.AccountID, http.StatusSeeOther)
		return nil
	}
	query, err := s.accountsQuery(r)
	if err != nil {
		return err
	}
	page, err := accountlist.List(ctx, s.DB, query.filter, query.listing)
	if err != nil {
		return err
	}
	p := accountsPage{
		accountsQuery: query, Total: page.Total, Columns: columnsOf(r, who),
		MayCreate: who.May(rights.ManageAccounts) > rights.ScopeSelf, MayAct: who.May(rights.ManageAccounts) > rights.ScopeSelf,
	}
	if p.Next, err = query.next(s, page.Next); err != nil {
		return err
	}
	if p.Rows, err = s.accountRows(r, page.Items); err != nil {
		return err
	}
	if err := s.accountChoices(r, &p); err != nil {
		return err
	}
	p.Chips = query.chips(words.Of(ctx), p.Organizations, p.Licenses)
	// A swap of the list alone leaves the saved filters as they are: they count what may be
	// seen, whatever is asked for.
	if r.Header.Get("HX-Target") != "list" || r.Header.Get("HX-History-Restore-Request") != "" {
		if p.Saved, p.Counting, err = s.savedFilters(r, query); err != nil {
			return err
		}
	}
	p.Empty = page.Total == 0 && len(p.Chips) == 0 && query.Parameter("q") == ""
	return s.Pages.Render(w, r, "accounts", frame.Page{Title: words.Text(words.Of(ctx), "accounts.title"), Nav: "accounts", Data: p})
}

// accountRows adds to a page's rows what the list shows beside the facts.
func (s listPages) accountRows(r *http.Request, items []accountlist.Item) ([]accountRow, error) {
	var granted []string
	for _, item := range items {
		granted = append(granted, item.Licenses...)
	}
	organization, _ := frame.Within(session.Who(r.Context()), rights.ReadAccounts)
	licenses, err := licenselist.Held(r.Context(), s.DB, organization, granted)
	if err != nil {
		return nil, err
	}
	if organization == "" { // everybody's company-wide licenses, and not of one organization only
		yes := true
		wide, err := licenselist.List(r.Context(), s.DB, licenselist.Filter{CompanyWide: &yes}, listing.Query{Limit: frame.MostOptions})
		if err != nil {
			return nil, err
		}
		licenses = append(licenses, wide.Items...)
	}
	now := s.Now()
	rows := make([]accountRow, len(items))
	for i, item := range items {
		row := accountRow{Item: item, Badge: item.Badge(now), Activation: item.ActivationAt(now)}
		row.Late = row.Activation == "expired"
		for _, l := range licenses {
			holds := l.CompanyWide && l.OrganizationID == item.OrganizationID || slices.Contains(item.Licenses, l.ID)
			if holds && !slices.Contains(row.Held, l.Name) {
				row.Held = append(row.Held, l.Name)
			}
		}
		rows[i] = row
	}
	return rows, nil
}

// accountChoices fills the selects of the filters.
func (s listPages) accountChoices(r *http.Request, p *accountsPage) error {
	organization, _ := frame.Within(session.Who(r.Context()), rights.ReadAccounts)
	if organization == "" {
		all, err := organizationlist.List(r.Context(), s.DB, organizationlist.Filter{}, listing.Query{Limit: frame.MostOptions})
		if err != nil {
			return err
		}
		for _, o := range all.Items {
			p.Organizations = append(p.Organizations, frame.Option{Value: o.ID, Label: o.Name})
		}
	}
	if organization == "" {
		organization = p.Parameter("organizationId")
	}
	licenses, err := licenselist.List(r.Context(), s.DB, licenselist.Filter{Organization: organization}, listing.Query{Limit: frame.MostOptions})
	if err != nil {
		return err
	}
	for _, l := range licenses.Items {
		label := l.Name
		if organization == "" && l.OrganizationName != "" {
			label += " (" + l.OrganizationName + ")"
		}
		p.Licenses = append(p.Licenses, frame.Option{Value: l.ID, Label: label})
	}
	return nil
}

// search leads to what is looked for on top of every page: straight to the account if
// there is exactly one, else to the list of those that fit.
func (s listPages) search(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "Search", rights.ReadAccounts); err != nil {
		return err
	}
	organization, account := frame.Within(session.Who(r.Context()), rights.ReadAccounts)
	query := "q=" + url.QueryEscape(strings.TrimSpace(r.URL.Query().Get("q")))
	parameters, filter, err := answers.AccountQuestion(query, organization, account, s.Now())
	if err != nil {
		return err
	}
	found, err := accountlist.List(r.Context(), s.DB, filter, listing.Query{Search: parameters["q"], Limit: 1})
	if err != nil {
		return err
	}
	target := "/accounts?" + query + "&show=all"
	if found.Total == 1 && parameters["q"] != "" {
		target = "/accounts/" + found.Items[0].ID
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}
