package ui

import (
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/license"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/organizationlist"
)

// mountLicenses adds the pages about licenses.
func (u *UI) mountLicenses(r chi.Router) {
	r.Get("/licenses", u.Pages.SignedIn(u.showLicenses))
	r.Get("/licenses/new", u.Pages.SignedIn(u.showNewLicense))
	r.Post("/licenses/new", u.Pages.SignedIn(u.newLicense))
	r.Get("/licenses/{id}", u.Pages.SignedIn(u.showLicense))
}

type licensesPage struct {
	*listView
	Rows      []licenselist.Item
	MayCreate bool
	Counts    bool // who holds what is for who may see accounts
}

func (u *UI) showLicenses(w http.ResponseWriter, r *http.Request) error {
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	v := &listView{Path: "/licenses", API: "/licenses", Key: "licenses", right: rights.ReadLicenses}
	var filter licenselist.Filter
	err := u.ask(r, v, "name", func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.LicenseQuestion(raw, v.scope)
		return asked, err
	}, nil)
	if err != nil {
		return err
	}
	page, err := licenselist.List(ctx, u.DB, filter, v.listing)
	if err == nil {
		err = u.ended(v, page.Total, page.Next)
	}
	if err == nil {
		err = u.chooseOrganization(ctx, v)
	}
	if err != nil {
		return err
	}
	v.choices("companyWide", flags(l, "companyWide")...)
	v.choices("shownInSelection", flags(l, "shownInSelection")...)
	p := licensesPage{v, page.Items, who.May(rights.ManageLicenses) > rights.ScopeSelf, who.May(rights.ReadAccounts) > rights.ScopeSelf}
	return u.Pages.Render(w, r, "licenses", frame.Page{Title: words.Text(l, "licenses.title"), Nav: "licenses", Data: p})
}

type licensePage struct {
	licenselist.Item
	Holders []accountRowOf
	Held    int64 // by so many accounts
	MaySee  bool  // who holds it
	MayAsk  bool  // for requests of it
}

// accountRowOf is a line of an account among others.
type accountRowOf struct {
	ID, Name, Username, Badge string
}

// shownHolders is how many holders the page of a license shows; the list of accounts has all.
const shownHolders = 20

func (u *UI) showLicense(w http.ResponseWriter, r *http.Request) error {
	ctx, who := r.Context(), session.Who(r.Context())
	id, ok := frame.PathID(r)
	if !ok {
		return license.ErrNotFound
	}
	row, err := licenselist.Get(ctx, u.DB, id)
	switch {
	case errors.Is(err, machinery.ErrNoRow):
		return license.ErrNotFound
	case err != nil:
		return err
	case !who.Reaches(rights.ReadLicenses, row.OrganizationID, ""):
		return u.Reach.Denied(r, "ShowLicense", license.ErrNotFound)
	}
	p := licensePage{
		Item: row, MaySee: who.Reaches(rights.ReadAccounts, row.OrganizationID, ""), MayAsk: who.Reaches(rights.ReadRequests, row.OrganizationID, ""),
	}
	if p.MaySee {
		filter := accountlist.Filter{Organization: row.OrganizationID, License: id, Now: u.Now()}
		if row.CompanyWide {
			open := false
			filter.License, filter.Closed = "", &open
		}
		page, err := accountlist.List(ctx, u.DB, filter, listing.Query{Limit: shownHolders})
		if err != nil {
			return err
		}
		p.Held = page.Total
		for _, a := range page.Items {
			p.Holders = append(p.Holders, accountRowOf{a.ID, a.Name, a.Username, a.Badge(u.Now())})
		}
	}
	return u.Pages.Render(w, r, "license", frame.Page{Title: row.Name, Nav: "licenses", Data: p})
}

// All is the address of the list of everybody who holds the license.
func (p licensePage) All() string {
	if p.CompanyWide {
		return frame.Address("/accounts", map[string]string{"organizationId": p.OrganizationID})
	}
	return frame.Address("/accounts", map[string]string{"license": p.ID})
}

// Requests is the address of the requests for it.
func (p licensePage) Requests() string {
	return frame.Address("/requests", map[string]string{"licenseId": p.ID, "status": "all"})
}

type newLicensePage struct {
	Key, Organization, Name string
	CompanyWide, Shown      bool
	Organizations           []frame.Option // empty for who has but one
}

func (u *UI) showNewLicense(w http.ResponseWriter, r *http.Request) error {
	return u.newLicensePage(w, r, newLicensePage{Key: frame.NewKey(), Organization: r.URL.Query().Get("organizationId"), Shown: true}, nil)
}

func (u *UI) newLicensePage(w http.ResponseWriter, r *http.Request, p newLicensePage, wrong *problem.Details) error {
	if err := u.Reach.Need(r, "RegisterLicense", rights.ManageLicenses); err != nil {
		return err
	}
	if scope, _ := frame.Within(session.Who(r.Context()), rights.ManageLicenses); scope == "" {
		page, err := organizationlist.List(r.Context(), u.DB, organizationlist.Filter{}, listing.Query{Limit: frame.MostOptions})
		if err != nil {
			return err
		}
		for _, o := range page.Items {
			p.Organizations = append(p.Organizations, frame.Option{Value: o.ID, Label: o.Name})
		}
	}
	return u.Pages.Render(w, r, "licensenew", frame.Page{Title: words.Text(words.Of(r.Context()), "license.new"), Nav: "licenses", Data: p, Problem: wrong})
}

func (u *UI) newLicense(w http.ResponseWriter, r *http.Request) error {
	p := newLicensePage{
		Key: r.PostFormValue("key"), Organization: r.PostFormValue("organizationId"), Name: r.PostFormValue("name"),
		CompanyWide: frame.Ticked(r, "companyWide"), Shown: frame.Ticked(r, "shownInSelection"),
	}
	body := frame.Filled(r, "organizationId", "name")
	if scope, _ := frame.Within(session.Who(r.Context()), rights.ManageLicenses); scope != "" {
		body["organizationId"] = scope
	}
	if body["name"] == nil {
		body["name"] = "" // refused as a field, not as a body
	}
	body["companyWide"], body["shownInSelection"] = p.CompanyWide, p.Shown
	req := session.Request(r, "ui")
	req.IdempotencyKey = frame.OnceKey(p.Key, "license")
	outcome, err := u.Commands.RunAs(r, "RegisterLicense", body, req)
	if err == nil {
		return u.Pages.Done(w, r, "/licenses/"+madeID(outcome, "license-"), "done.license-registered")
	}
	details, ok := frame.Refused(r, err)
	if !ok {
		return err
	}
	p.Key = frame.NewKey()
	return u.newLicensePage(w, r, p, &details)
}
