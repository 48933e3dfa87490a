package ui

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
)

// mountOrganizations adds the pages about organizations.
func (u *UI) mountOrganizations(r chi.Router) {
	r.Get("/organizations", u.Pages.SignedIn(u.showOrganizations))
	r.Get("/organizations/new", u.Pages.SignedIn(u.showNewOrganization))
	r.Post("/organizations/new", u.Pages.SignedIn(u.newOrganization))
	u.mountOrganization(r)
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
func (p organizationsPage) Sorted(name string) sortLink {
	link := func(sort string) string {
		return frame.Address("/organizations", map[string]string{"q": p.Q, "sort": sort})
	}
	switch p.Sort {
	case name:
		return sortLink{link("-" + name), "ascending"}
	case "-" + name:
		return sortLink{link(name), "descending"}
	}
	return sortLink{link(name), ""}
}

func (u *UI) showOrganizations(w http.ResponseWriter, r *http.Request) error {
	if err := u.Reach.Need(r, "ListOrganizations", rights.ReadOrganizations); err != nil {
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
	question, cursors := answers.Question{List: "/organizations", Who: who, Parameters: asked}, u.Cursors
	cursor := r.URL.Query().Get("cursor")
	after, err := cursors.Open(question, cursor)
	if err != nil {
		return err
	}
	page, err := organizationlist.List(ctx, u.DB, organizationlist.Filter{}, listing.Query{Search: asked["q"], Sort: asked["sort"], After: after})
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
	return u.Pages.Render(w, r, "organizations", frame.Page{Title: words.Text(words.Of(ctx), "organizations.title"), Nav: "organizations", Data: p})
}

type newOrganizationPage struct {
	OrganizationID string // chosen by the form, so that sending it twice makes one
	Presets        []presetChoice
	Typed          map[string]string
}

// presetChoice is a preset with the rules that come with it.
type presetChoice struct {
	Name string
	organization.Policies
}

func presets() []presetChoice {
	var choices []presetChoice
	for _, p := range organization.Presets() {
		if policies, ok := p.Policies(); ok {
			choices = append(choices, presetChoice{string(p), policies})
		}
	}
	return choices
}

func (u *UI) showNewOrganization(w http.ResponseWriter, r *http.Request) error {
	return u.newOrganizationForm(w, r, uuid.NewString(), map[string]string{}, nil)
}

func (u *UI) newOrganizationForm(w http.ResponseWriter, r *http.Request, id string, typed map[string]string, wrong *problem.Details) error {
	if err := u.Reach.Need(r, "RegisterOrganization", rights.ManageOrganizations); err != nil {
		return err
	}
	p := newOrganizationPage{OrganizationID: id, Presets: presets(), Typed: typed}
	return u.Pages.Render(w, r, "organizationnew", frame.Page{Title: words.Text(words.Of(r.Context()), "organization-new.title"), Nav: "organizations", Data: p, Problem: wrong})
}

func (u *UI) newOrganization(w http.ResponseWriter, r *http.Request) error {
	id := r.PostFormValue("organizationId")
	if uuid.Validate(id) != nil {
		id = uuid.NewString()
	}
	body := frame.Filled(r, "name", "preset")
	body["organizationId"] = id
	if domains := domainsIn(r.PostFormValue("domains")); len(domains) > 0 {
		body["domains"] = domains
	}
	if _, err := u.Commands.Run(r, "RegisterOrganization", body); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		for i := range details.Errors { // the form has one field for all of them
			if strings.HasPrefix(details.Errors[i].Pointer, "/domain") {
				details.Errors[i].Pointer = "/domains"
			}
		}
		return u.newOrganizationForm(w, r, id, frame.Typed(r, []string{"name", "preset", "domains"}), &details)
	}
	return u.Pages.Done(w, r, "/organizations/"+id, "done.organization-registered")
}

// domainsIn reads mail domains as people type them: one a line, or with commas, and with
// or without the sign before it.
func domainsIn(typed string) []string {
	var domains []string
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t", r) }) {
		domains = append(domains, strings.ToLower(strings.TrimPrefix(part, "@")))
	}
	return domains
}
