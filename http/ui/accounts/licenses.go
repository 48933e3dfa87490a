package accounts

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licensegrants"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
)

// licensePages are about the licenses of an account.
type licensePages struct{ accountPages }

func (s licensePages) mount(r chi.Router) {
	r.Get("/accounts/{id}/licenses", s.Pages.SignedIn(s.showAccountLicenses))
	r.Post("/accounts/{id}/licenses", s.Pages.SignedIn(s.grantLicense))
	r.Post("/accounts/{id}/licenses/{license}/revoke", s.Pages.SignedIn(s.revokeLicense))
}

// ofLicenses is what the page of an account's licenses shows.
var ofLicenses = frame.Shows{answers.Accounts.Whole.Table, answers.Licenses.Whole.Table, licensegrants.Table}

type accountLicensesPage struct {
	Head       accountpage.Head
	Held       []heldLicense
	Requests   frame.Some[licenserequests.Item]
	SeeDecider bool
	Grants     bool          // the reader may give and take licenses
	Free       *frame.Choice // of the licenses that the account could get; nil if the reader gives none
}

type heldLicense struct {
	licenselist.Item
	Granted bool                // of its own, not for being company-wide
	Grant   licensegrants.Grant // by whom and when; zero if it is company-wide, or not known yet
}

func (s licensePages) showAccountLicenses(w http.ResponseWriter, r *http.Request) error {
	return s.licensesPage(w, r, nil)
}

func (s licensePages) licensesPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	h, err := s.heads.Of(r, "licenses")
	if err != nil {
		return err
	}
	held, err := licenselist.Held(r.Context(), s.DB, h.OrganizationID, h.Licenses)
	if err != nil {
		return err
	}
	grants, err := licensegrants.Of(r.Context(), s.DB, h.ID)
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	p := accountLicensesPage{
		Head: h, SeeDecider: who.Reaches(rights.ReadDecider, h.OrganizationID, ""),
		Grants: who.Reaches(rights.ManageLicenses, h.OrganizationID, "") && !h.Closed,
	}
	for _, l := range held {
		p.Held = append(p.Held, heldLicense{l, slices.Contains(h.Licenses, l.ID), grants[l.ID]})
	}
	if p.Grants && h.Organization.Licenses { // what is held can be taken away without them
		if p.Free, err = s.free(r, h); err != nil {
			return err
		}
	}
	requests, err := answers.Requests.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListLicenseRequests"), listing.Question{Account: h.ID, Query: listing.Query{Sort: "-requestedAt", Limit: frame.Shown}})
	if err != nil {
		return err
	}
	p.Requests = frame.Some[licenserequests.Item]{
		Items: requests.Items, Total: requests.Total, All: frame.Address("/requests", map[string]string{"accountId": h.ID, "status": "all"}),
	}
	return s.Pages.Render(w, r, "licenses", frame.Page{Title: h.Name, Nav: "accounts", Organization: h.OrganizationID, Data: p, Problem: wrong})
}

// free returns the licenses of its organization that an account does not have.
func (s licensePages) free(r *http.Request, h accountpage.Head) (*frame.Choice, error) {
	c := frame.ChoiceOf(r, "field-licenseId", "licenseId")
	page, err := answers.Licenses.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListLicenses"), listing.Question{
		Organization: h.OrganizationID, Fits: listing.Fits{"companyWide": "false"}, Query: c.Query(),
	})
	if err != nil {
		return nil, err
	}
	c.Cut(page.Total, len(page.Items))
	for _, l := range page.Items {
		if !slices.Contains(h.Licenses, l.ID) {
			c.Options = append(c.Options, frame.Option{Value: l.ID, Label: l.Name})
		}
	}
	return &c, nil
}

func (s licensePages) grantLicense(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	_, err = s.Commands.Run(r, licenses.GrantLicense{LicenseID: r.PostFormValue("licenseId"), AccountID: row.ID}, ofLicenses)
	return s.after(w, r, row.ID, err, "done.license-granted")
}

func (s licensePages) revokeLicense(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	_, err = s.Commands.Run(r, licenses.RevokeLicense{
		LicenseID: chi.URLParam(r, "license"), AccountID: row.ID, Reason: strings.TrimSpace(r.PostFormValue("reason")),
	}, ofLicenses)
	return s.after(w, r, row.ID, err, "done.license-revoked")
}

// after leads back to the page of the licenses, with what was refused.
func (s licensePages) after(w http.ResponseWriter, r *http.Request, accountID string, err error, done words.Key) error {
	if err == nil {
		return s.Pages.Done(w, r, "/accounts/"+accountID+"/licenses", done)
	}
	return frame.Again(r, err, func(wrong *problem.Details) error { return s.licensesPage(w, r, wrong) })
}
