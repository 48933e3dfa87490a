package licenses

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/license"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenselist"
)

// licensePages show licenses.
type licensePages struct{ Section }

func (s licensePages) mount(r chi.Router) {
	r.Get("/licenses/{id}", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.showLicense(w, r, nil) }))
	acts := frame.Acts{Site: s.Site, Base: "/licenses", Missing: license.ErrNotFound, Shows: ofHolders, Page: s.showLicense}
	acts.Mount(r, "/approve-company-wide", "done.license-may-be-wide", func(_ *http.Request, id string) any {
		return licenses.ApproveCompanyWide{LicenseID: id}
	})
	s.tick(r, acts, "/company-wide",
		act{"done.license-wide", func(id string) any { return licenses.EnableCompanyWide{LicenseID: id} }},
		act{"done.license-not-wide", func(id string) any { return licenses.DisableCompanyWide{LicenseID: id} }})
	s.tick(r, acts, "/selection",
		act{"done.license-shown", func(id string) any { return licenses.ShowInSelection{LicenseID: id} }},
		act{"done.license-hidden", func(id string) any { return licenses.HideFromSelection{LicenseID: id} }})
	acts.Mount(r, "/standards", "done.standard-added", func(r *http.Request, id string) any {
		return licenses.AddStandard{LicenseID: id, Standard: strings.TrimSpace(r.PostFormValue("standard"))}
	})
	acts.Mount(r, "/standards/remove", "done.standard-removed", func(r *http.Request, id string) any {
		return licenses.RemoveStandard{LicenseID: id, Standard: r.PostFormValue("standard")}
	})
}

// act is a command on a license, and what the page after it says.
type act struct {
	done words.Key
	body func(id string) any
}

// tick adds the form of a box, which runs one command if it is ticked and another if it is not.
func (s licensePages) tick(r chi.Router, acts frame.Acts, path string, on, off act) {
	r.Post("/licenses/{id}"+path, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
		does := off
		if frame.Ticked(r, "on") {
			does = on
		}
		return acts.Run(w, r, does.done, does.body)
	}))
}

type licensePage struct {
	licenselist.Item
	Holders []accountRowOf
	Held    int64 // by so many accounts
	MaySee  bool  // who holds it
	MayAsk  bool  // for requests of it
	Manages bool  // may say whom it is for
	Allows  bool  // may let it be company-wide
	Typed   string
}

// accountRowOf is a line of an account among others.
type accountRowOf struct {
	ID, Name, Username, Badge string
}

// shownHolders is how many holders the page of a license shows; the list of accounts has all.
const shownHolders = 20

// showLicense draws a license. The problem is what was wrong with a form of the page.
func (s licensePages) showLicense(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	ctx, who := r.Context(), session.Who(r.Context())
	id, ok := frame.PathID(r)
	if !ok {
		return license.ErrNotFound
	}
	row, err := answers.Licenses.Get(ctx, s.Source, s.Reach.Asker(r, "ShowLicense"), rights.ReadLicenses, id)
	if err != nil {
		return err
	}
	p := licensePage{
		Item: row, MaySee: who.Reaches(rights.ReadAccounts, row.OrganizationID, ""), MayAsk: who.Reaches(rights.ReadRequests, row.OrganizationID, ""),
		Manages: who.Reaches(rights.ManageLicenses, row.OrganizationID, ""), Allows: who.Reaches(rights.ApproveCompanyWide, row.OrganizationID, ""),
	}
	if wrong != nil {
		p.Typed = r.PostFormValue("standard")
	}
	if p.MaySee {
		who := listing.Fits{"license": id}
		if row.CompanyWide {
			who = listing.Fits{"closed": "false"}
		}
		page, err := answers.Accounts.Find(ctx, s.Source, s.Reach.Asker(r, "ListAccounts"), listing.Question{
			Organization: row.OrganizationID, Fits: who, Query: listing.Query{Limit: shownHolders},
		})
		if err != nil {
			return err
		}
		p.Held = page.Total
		for _, a := range page.Items {
			p.Holders = append(p.Holders, accountRowOf{a.ID, a.ListedName, a.Username, a.Badge(s.Now())})
		}
	}
	return s.Pages.Render(w, r, "license", frame.Page{Title: row.Name, Nav: "licenses", Organization: row.OrganizationID, Data: p, Problem: wrong})
}

// All returns the address of the list of everybody who holds the license.
func (p licensePage) All() string {
	if p.CompanyWide {
		return frame.Address("/accounts", map[string]string{"organizationId": p.OrganizationID})
	}
	return frame.Address("/accounts", map[string]string{"license": p.ID})
}

// Requests returns the address of the requests for it.
func (p licensePage) Requests() string {
	return frame.Address("/requests", map[string]string{"licenseId": p.ID, "status": "all"})
}
