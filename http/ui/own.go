package ui

import (
	"context"
	"errors"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/organizationlist"
)

// mountOwn adds the pages about whoever is signed in.
func (u *UI) mountOwn(r chi.Router) {
	r.Get("/me", u.Pages.SignedIn(u.showMe))
	r.Post("/me/sessions/end", u.Pages.SignedIn(u.signOutElsewhere))
	r.Post("/me/requests", u.Pages.SignedIn(u.requestLicense))
	r.Get("/password", u.Pages.SignedIn(u.showPassword))
	r.Method(http.MethodPost, "/password", u.LimitOpen(u.Pages.SignedIn(u.changePassword)))
}

type passwordPage struct {
	Due   bool // nothing else may be done before
	Rules shownRules
}

func (u *UI) showPassword(w http.ResponseWriter, r *http.Request) error {
	return u.passwordPage(w, r, nil)
}

func (u *UI) passwordPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	who := session.Who(r.Context())
	demands, err := u.C.Service.PasswordRules(r.Context(), who.AccountID)
	if err != nil {
		return err
	}
	return u.Pages.Render(w, r, "password", frame.Page{
		Title: words.Text(words.Of(r.Context()), "password.title"), Nav: "me", Bare: who.PasswordChangeRequired, Problem: wrong,
		Data: passwordPage{who.PasswordChangeRequired, shownRules{"field-password", demands}},
	})
}

func (u *UI) changePassword(w http.ResponseWriter, r *http.Request) error {
	_, err := u.Commands.Run(r, "ChangePassword", map[string]any{
		"currentPassword": r.PostFormValue("currentPassword"), "password": r.PostFormValue("password"),
	})
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.passwordPage(w, r, &details)
	}
	// The change ended every session of the account; this one goes on under another token.
	if err := u.C.Askers.Sessions.Renew(r.Context()); err != nil {
		return err
	}
	if session.Who(r.Context()).PasswordChangeRequired { // so it was when the request began
		return u.Pages.Done(w, r, "/", "done.password")
	}
	return u.Pages.Done(w, r, "/me", "done.password")
}

// own is what an account has, may ask for and asked for.
type own struct {
	Held     []licenselist.Item
	Open     []licenselist.Item // that can be asked for
	Requests []licenserequests.Item
	MayAsk   bool

	// What was typed, after a refusal.
	License, Reason string
}

// ownLicenses gathers what an account's holder sees of licenses. Who decided is not told.
func (u *UI) ownLicenses(ctx context.Context, who rights.Principal) (own, error) {
	o := own{MayAsk: who.May(rights.RequestLicenses) > rights.ScopeNone}
	row, err := u.ownAccount(ctx, who)
	if err != nil {
		return o, err
	}
	if o.Held, err = licenselist.Held(ctx, u.DB, who.Organization, row.Licenses); err != nil {
		return o, err
	}
	asked, err := licenserequests.List(ctx, u.DB, licenserequests.Filter{Account: who.AccountID}, listing.Query{Sort: "-requestedAt"})
	if err != nil {
		return o, err
	}
	taken := map[string]bool{}
	for _, l := range o.Held {
		taken[l.ID] = true
	}
	for _, request := range asked.Items {
		request.DecidedBy, request.DecidedName = "", ""
		o.Requests = append(o.Requests, request)
		taken[request.LicenseID] = taken[request.LicenseID] || request.Status == licenserequests.Open
	}
	shown, notForAll := true, false
	offered := licenselist.All(ctx, u.DB, licenselist.Filter{Organization: who.Organization, ShownInSelection: &shown, CompanyWide: &notForAll}, listing.Query{})
	for l, err := range offered {
		if err != nil {
			return o, err
		}
		if !taken[l.ID] {
			o.Open = append(o.Open, l)
		}
	}
	return o, nil
}

// ownAccount answers the asker's account; an empty one while the read model has not seen it.
func (u *UI) ownAccount(ctx context.Context, who rights.Principal) (accountdetail.Row, error) {
	row, err := machinery.One[accountdetail.Row](ctx, u.DB,
		`SELECT `+accountdetail.New().Columns()+` FROM `+accountdetail.Table+` WHERE id = $1`, who.AccountID)
	if errors.Is(err, machinery.ErrNoRow) {
		return accountdetail.Row{}, nil
	}
	return row, err
}

type mePage struct {
	own
	Account      accountdetail.Row
	Organization string
	History      bool
}

func (u *UI) showMe(w http.ResponseWriter, r *http.Request) error {
	return u.mePage(w, r, own{}, nil)
}

func (u *UI) mePage(w http.ResponseWriter, r *http.Request, typed own, wrong *problem.Details) error {
	ctx, who := r.Context(), session.Who(r.Context())
	p := mePage{History: who.May(rights.ReadHistory) > rights.ScopeNone}
	var err error
	if p.Account, err = u.ownAccount(ctx, who); err != nil {
		return err
	}
	if p.own, err = u.ownLicenses(ctx, who); err != nil {
		return err
	}
	p.License, p.Reason = typed.License, typed.Reason
	o, err := organizationlist.Get(ctx, u.DB, who.Organization)
	if err != nil && !errors.Is(err, machinery.ErrNoRow) {
		return err
	}
	p.Organization = o.Name
	return u.Pages.Render(w, r, "me", frame.Page{Title: words.Text(words.Of(ctx), "me.title"), Nav: "me", Data: p, Problem: wrong})
}

func (u *UI) signOutElsewhere(w http.ResponseWriter, r *http.Request) error {
	if _, err := u.C.Askers.SignOutElsewhere(r); err != nil {
		return err
	}
	return u.Pages.Done(w, r, "/me", "done.signed-out-elsewhere")
}

// requestLicense asks for a license for the asker's own account.
func (u *UI) requestLicense(w http.ResponseWriter, r *http.Request) error {
	body := frame.Filled(r, "licenseId", "reason")
	body["accountId"] = session.Who(r.Context()).AccountID
	_, err := u.Commands.Run(r, "RequestLicense", body)
	if err == nil {
		return u.Pages.Done(w, r, frame.Local(r.PostFormValue("next")), "done.license-requested")
	}
	details, ok := frame.Refused(r, err)
	if !ok {
		return err
	}
	return u.mePage(w, r, own{License: r.PostFormValue("licenseId"), Reason: r.PostFormValue("reason")}, &details)
}
