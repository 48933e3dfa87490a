package organizations

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/organizationlist"
)

// listPages list organizations.
type listPages struct{ Section }

func (s listPages) mount(r chi.Router) {
	r.Get("/organizations", s.Pages.SignedIn(s.showOrganizations))
}

// showOrganizations shows the list; who sees but one organization gets that one.
func (s listPages) showOrganizations(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "ListOrganizations", rights.ReadOrganizations); err != nil {
		return err
	}
	if who := session.Who(r.Context()); who.May(rights.ReadOrganizations) != rights.ScopeAll {
		http.Redirect(w, r, "/organizations/"+who.Organization, http.StatusSeeOther)
		return nil
	}
	return organizationList.Show(s.Site, w, r, nil)
}

// organizationList is the list of organizations.
var organizationList = lists.List[organizationlist.Row, organizationlist.Row]{
	Path: "/organizations", Key: "organizations", Says: "accounts", Nav: "organizations", Icon: "building", Bare: "organizations.none", Tall: true,
	Right: rights.ReadOrganizations, Thing: answers.Organizations,
	Order:   func(url.Values) string { return organizationlist.Model.Default },
	Rows:    lists.Same[organizationlist.Row],
	Columns: organizationColumns,
	Of: func(row *organizationlist.Row) lists.Line {
		return lists.Line{ID: row.ID, Href: "/organizations/" + row.ID, Name: row.Name}
	},
	Add: func(v *lists.View) *lists.Link {
		if v.Who.May(rights.ManageOrganizations) != rights.ScopeAll {
			return nil
		}
		return &lists.Link{Href: "/organizations/new", Text: "organizations.add"}
	},
}

func organizationColumns(v *lists.View) []lists.Column[organizationlist.Row] {
	type row = organizationlist.Row
	return []lists.Column[row]{
		{Text: "organizations.name", Sort: "name", Main: true, Cell: "cell-main", Value: func(o *row) any {
			return lists.Main{Href: "/organizations/" + o.ID, Text: o.Name}
		}},
		{Text: "organizations.preset", Cell: "cell-text", Value: func(o *row) any { return words.Text(v.Language, "preset.*", o.Preset) }},
		{Text: "organizations.accounts", Number: true, Cell: "cell-text", Value: func(o *row) any { return strconv.FormatInt(o.Accounts, 10) }},
		{Text: "organizations.admins", Number: true, Cell: "organization-admins", Value: func(o *row) any { return o }},
		{Text: "organizations.domains", Cell: "organization-domains", Value: func(o *row) any { return o.Domains }},
		{Text: "accounts.column.created", Sort: "createdAt", Cell: "cell-day", Value: func(o *row) any { return o.CreatedAt }},
	}
}
