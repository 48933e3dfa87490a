package organizations

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenselist"
)

// tabPages are the pages about one organization.
type tabPages struct{ Section }

func (s tabPages) mount(r chi.Router) {
	r.Get("/organizations/{id}", s.Pages.SignedIn(s.showOrganization))
	r.Get("/organizations/{id}/admins", s.Pages.SignedIn(s.showAdmins))
	r.Get("/organizations/{id}/licenses", s.Pages.SignedIn(s.showOrganizationLicenses))
}

type organizationPage struct {
	Head   organizationHead
	Domain string // as typed
}

func (s tabPages) showOrganization(w http.ResponseWriter, r *http.Request) error {
	return s.organizationPage(w, r, nil)
}

func (s tabPages) organizationPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	h, err := s.head(r, "general")
	if err != nil {
		return err
	}
	p := organizationPage{Head: h, Domain: r.PostFormValue("domain")}
	page := frame.Page{Title: h.Name, Nav: "organizations", Organization: h.ID, Data: p, Problem: wrong}
	if page.Meanwhile, err = s.Reach.SeenSince(r, stream(h.ID), numbers); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "organization", page)
}

type organizationLicensesPage struct {
	Head     organizationHead
	Licenses []licenselist.Item
	Manages  bool
}

func (s tabPages) showOrganizationLicenses(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "licenses")
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	if !who.Reaches(rights.ReadLicenses, h.ID, "") {
		return s.Reach.Denied(r, "ListLicenses", engine.ErrDenied)
	}
	all, err := licenselist.Model.Page(r.Context(), s.DB, listing.Question{Organization: h.ID, Query: listing.Query{Limit: frame.MostOptions}})
	if err != nil {
		return err
	}
	p := organizationLicensesPage{Head: h, Licenses: all.Items, Manages: who.Reaches(rights.ManageLicenses, h.ID, "")}
	return s.Pages.Render(w, r, "licenses", frame.Page{Title: h.Name, Nav: "organizations", Organization: h.ID, Data: p})
}
