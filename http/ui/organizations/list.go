package organizations

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// listPages list organizations.
type listPages struct{ Section }

func (s listPages) mount(r chi.Router) {
	r.Get("/organizations", s.Pages.SignedIn(s.showOrganizations))
}

type organizationsPage struct {
	Rows        []organizationlist.Row
	Total       int64
	Q           string
	Sort        string
	First, Next string
	Later       bool
	CSV         string
	MayRegister bool
}

// Sorted answers the head of a column.
func (p organizationsPage) Sorted(name string) lists.Head {
	link := func(sort string) string {
		return frame.Address("/organizations", map[string]string{"q": p.Q, "sort": sort})
	}
	switch p.Sort {
	case name:
		return lists.Head{Href: link("-" + name), State: "ascending"}
	case "-" + name:
		return lists.Head{Href: link(name), State: "descending"}
	}
	return lists.Head{Href: link(name)}
}

func (s listPages) showOrganizations(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "ListOrganizations", rights.ReadOrganizations); err != nil {
		return err
	}
	ctx, who := r.Context(), session.Who(r.Context())
	if who.May(rights.ReadOrganizations) != rights.ScopeAll {
		http.Redirect(w, r, "/organizations/"+who.Organization, http.StatusSeeOther)
		return nil
	}
	asked := map[string]string{}
	for _, name := range []string{"q", "sort"} {
		asked[name] = r.URL.Query().Get(name)
	}
	if asked["sort"] == "" {
		asked["sort"] = organizationlist.Model.Sorts()[0].Name
	}
	question, cursors := answers.Question{List: "/organizations", Who: who, Parameters: asked}, s.Cursors
	cursor := r.URL.Query().Get("cursor")
	after, err := cursors.Open(question, cursor)
	if err != nil {
		return err
	}
	page, err := organizationlist.List(ctx, s.DB, organizationlist.Filter{}, listing.Query{Search: asked["q"], Sort: asked["sort"], After: after})
	if errors.Is(err, listing.ErrSort) {
		return problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	if err != nil {
		return err
	}
	p := organizationsPage{
		Rows: page.Items, Total: page.Total, Q: asked["q"], Sort: asked["sort"], Later: cursor != "", First: frame.Address("/organizations", asked),
		CSV:         frame.Address(answers.Prefix+"/organizations", map[string]string{"q": asked["q"], "sort": asked["sort"], "format": "csv"}),
		MayRegister: who.May(rights.ManageOrganizations) == rights.ScopeAll,
	}
	next, err := cursors.Seal(question, page.Next)
	if err != nil {
		return err
	}
	if next != "" {
		p.Next = frame.Address("/organizations", map[string]string{"q": p.Q, "sort": p.Sort, "cursor": next})
	}
	return s.Pages.Render(w, r, "organizations", frame.Page{Title: words.Text(words.Of(ctx), "organizations.title"), Nav: "organizations", Data: p})
}
