package licenses

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/license"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenselist"
)

// licensePages show licenses.
type licensePages struct{ Section }

func (s licensePages) mount(r chi.Router) {
	r.Get("/licenses/{id}", s.Pages.SignedIn(s.showLicense))
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

func (s licensePages) showLicense(w http.ResponseWriter, r *http.Request) error {
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
	return s.Pages.Render(w, r, "license", frame.Page{Title: row.Name, Nav: "licenses", Organization: row.OrganizationID, Data: p})
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
