package own

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/organizationlist"
)

// ownPages are about the account of whoever is signed in.
type ownPages struct{ Section }

func (s ownPages) mount(r chi.Router) {
	r.Get("/me", s.Pages.SignedIn(s.showMe))
	r.Post("/me/sessions/end", s.Pages.SignedIn(s.signOutElsewhere))
	r.Post("/me/requests", s.Pages.SignedIn(s.requestLicense))
	r.Post("/me/standards", s.Pages.SignedIn(s.requestStandard))
}

type mePage struct {
	own
	Account      accountdetail.Row
	Organization string
	History      bool
}

func (s ownPages) showMe(w http.ResponseWriter, r *http.Request) error {
	return s.mePage(w, r, own{}, nil)
}

func (s ownPages) mePage(w http.ResponseWriter, r *http.Request, typed own, wrong *problem.Details) error {
	ctx, who := r.Context(), session.Who(r.Context())
	p := mePage{History: who.May(rights.ReadHistory) > rights.ScopeNone}
	var err error
	if p.Account, err = s.ownAccount(ctx, who); err != nil {
		return err
	}
	if p.own, err = s.ownLicenses(r, who); err != nil {
		return err
	}
	p.License, p.Standard, p.Reason = typed.License, typed.Standard, typed.Reason
	o, err := organizationlist.Get(ctx, s.DB, who.Organization)
	if err != nil && !errors.Is(err, machinery.ErrNoRow) {
		return err
	}
	p.Organization = o.Name
	return s.Pages.Render(w, r, "me", frame.Page{Title: words.Text(words.Of(ctx), "me.title"), Nav: "me", Data: p, Problem: wrong})
}

func (s ownPages) signOutElsewhere(w http.ResponseWriter, r *http.Request) error {
	own, _ := s.Askers.Sessions.Of(r.Context())
	if _, err := s.Commands.Run(r, signin.SignOutElsewhere{SessionID: own.ID}, ofAccount); err != nil {
		return err
	}
	// It ended every session of the account; this one goes on under another token.
	if err := s.Askers.Renew(r.Context()); err != nil {
		return err
	}
	return s.Pages.Done(w, r, "/me", "done.signed-out-elsewhere")
}

// requestLicense asks for a license for the asker's own account.
func (s ownPages) requestLicense(w http.ResponseWriter, r *http.Request) error {
	return s.ask(w, r, licenses.RequestLicense{
		AccountID: session.Who(r.Context()).AccountID, LicenseID: strings.TrimSpace(r.PostFormValue("licenseId")), Reason: strings.TrimSpace(r.PostFormValue("reason")),
	}, own{License: r.PostFormValue("licenseId"), Reason: r.PostFormValue("reason")})
}

// requestStandard asks for a standard, and so for the license that it is in.
func (s ownPages) requestStandard(w http.ResponseWriter, r *http.Request) error {
	license, standard, _ := strings.Cut(r.PostFormValue("standard"), "/")
	return s.ask(w, r, licenses.RequestStandard{
		AccountID: session.Who(r.Context()).AccountID, LicenseID: license, Standard: standard, Reason: strings.TrimSpace(r.PostFormValue("reason")),
	}, own{Standard: r.PostFormValue("standard"), Reason: r.PostFormValue("reason")})
}

// ask runs a request, and leads back to where the form was.
func (s ownPages) ask(w http.ResponseWriter, r *http.Request, request any, typed own) error {
	_, err := s.Commands.Run(r, request, ofRequests)
	if err == nil {
		return s.Pages.Done(w, r, frame.Local(r.PostFormValue("next")), "done.license-requested")
	}
	return frame.Again(r, err, func(wrong *problem.Details) error { return s.mePage(w, r, typed, wrong) })
}
