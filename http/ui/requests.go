package ui

import (
	"maps"
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenserequests"
)

// mountRequests adds the pages about license requests.
func (u *UI) mountRequests(r chi.Router) {
	r.Get("/requests", u.Pages.SignedIn(u.showRequests))
	r.Post("/requests/approve", u.Pages.SignedIn(u.approveRequests))
	r.Get("/requests/{id}", u.Pages.SignedIn(u.showRequest))
	r.Post("/requests/{id}/approve", u.Pages.SignedIn(u.approveRequest))
	r.Post("/requests/{id}/reject", u.Pages.SignedIn(u.rejectRequest))
	r.Post("/requests/{id}/withdraw", u.Pages.SignedIn(u.withdrawRequest))
}

type requestsPage struct {
	*listView
	Rows       []licenserequests.Item
	Decides    bool
	SeeDecider bool
	Open       bool   // only open ones are shown
	Reason     string // of a rejection, as typed
}

// requestTabs are the views of the list. The address without a status asks for the open
// ones: they are what waits.
var requestTabs = map[string]map[string]string{
	"open": {"status": ""}, "approved": {"status": "approved"}, "rejected": {"status": "rejected"}, "withdrawn": {"status": "withdrawn"}, "all": {"status": "all"},
}

func (u *UI) showRequests(w http.ResponseWriter, r *http.Request) error {
	return u.requestsPage(w, r, nil)
}

func (u *UI) requestsPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	if who.May(rights.ReadRequests) == rights.ScopeSelf {
		http.Redirect(w, r, "/me#requests", http.StatusSeeOther)
		return nil
	}
	v := &listView{Path: "/requests", API: "/license-requests", Key: "requests", right: rights.ReadRequests}
	p := requestsPage{listView: v, Decides: who.May(rights.DecideRequests) > rights.ScopeSelf, SeeDecider: who.May(rights.ReadDecider) > rights.ScopeSelf}
	status := r.URL.Query().Get("status")
	p.Open = status == "" || status == licenserequests.Open
	order := "-requestedAt"
	if p.Open {
		order = "requestedAt" // who waits longest comes first
	}
	var filter licenserequests.Filter
	err := u.ask(r, v, order, func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.RequestQuestion(raw, v.scope, v.account)
		return asked, err
	}, openUnlessAsked)
	if err != nil {
		return err
	}
	page, err := licenserequests.List(ctx, u.DB, filter, v.listing)
	if err == nil {
		p.Rows = page.Items
		err = u.ended(v, page.Total, page.Next)
	}
	if err == nil {
		err = u.chooseOrganization(ctx, v)
	}
	if err == nil {
		err = u.about(ctx, v)
	}
	if err == nil {
		err = v.tabs([]string{"open", "approved", "rejected", "withdrawn", "all"}, requestTabs, func(parameters map[string]string) (int64, error) {
			f := filter
			f.Status = map[string]string{"": licenserequests.Open, "all": ""}[parameters["status"]]
			if f.Status == "" && parameters["status"] != "all" {
				f.Status = parameters["status"]
			}
			counted, err := licenserequests.List(ctx, u.DB, f, listing.Query{Search: v.listing.Search, Limit: 1})
			return counted.Total, err
		})
	}
	if err != nil {
		return err
	}
	v.Selecting = p.Decides && p.Open && len(p.Rows) > 0
	return u.Pages.Render(w, r, "requests", frame.Page{Title: words.Text(l, "requests.title"), Nav: "requests", Data: p, Problem: wrong})
}

func openUnlessAsked(asked url.Values) {
	switch asked.Get("status") {
	case "":
		asked.Set("status", licenserequests.Open)
	case "all":
		asked.Del("status")
	}
}

// approveRequests approves every request that is ticked. What could not be is said; the
// rest is done.
func (u *UI) approveRequests(w http.ResponseWriter, r *http.Request) error {
	done, refusal, err := u.Commands.RunSelected(r, "ApproveLicense", "requestId")
	if err != nil {
		return err
	}
	switch {
	case refusal != nil:
		details := problem.Of(r.Context(), refusal)
		return u.requestsPage(w, frame.BackTo(r, "/requests"), &details)
	case done == 0:
		return u.Pages.Done(w, r, frame.Next(r, "/requests"), "done.nothing-selected")
	}
	return u.Pages.Done(w, r, frame.Next(r, "/requests"), "done.requests-approved")
}

type requestPage struct {
	licenserequests.Item
	Decides, Own, Holder, SeeDecider bool
	Typed                            string // reason, after a refusal
}

// request answers the request in the path, if it is within reach; who decided is left out
// for who may not know.
func (u *UI) request(r *http.Request) (requestPage, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return requestPage{}, licenserequest.ErrNotFound
	}
	who := session.Who(r.Context())
	page, err := licenserequests.List(r.Context(), u.DB, licenserequests.Filter{ID: id}, listing.Query{Limit: 1})
	if err != nil {
		return requestPage{}, err
	}
	if len(page.Items) == 0 {
		return requestPage{}, licenserequest.ErrNotFound
	}
	p := requestPage{Item: page.Items[0]}
	if !who.Reaches(rights.ReadRequests, p.OrganizationID, p.AccountID) {
		return requestPage{}, u.Reach.Denied(r, "ShowLicenseRequest", licenserequest.ErrNotFound)
	}
	p.Own = p.AccountID == who.AccountID
	p.Decides = who.Reaches(rights.DecideRequests, p.OrganizationID, "")
	p.Holder = who.Reaches(rights.ReadAccounts, p.OrganizationID, p.AccountID)
	p.SeeDecider = who.Reaches(rights.ReadDecider, p.OrganizationID, "")
	if !p.SeeDecider {
		p.DecidedBy, p.DecidedName = "", ""
	}
	return p, nil
}

func (u *UI) showRequest(w http.ResponseWriter, r *http.Request) error {
	return u.requestPage(w, r, "", nil)
}

func (u *UI) requestPage(w http.ResponseWriter, r *http.Request, typed string, wrong *problem.Details) error {
	p, err := u.request(r)
	if err != nil {
		return err
	}
	p.Typed = typed
	l := words.Of(r.Context())
	return u.Pages.Render(w, r, "request", frame.Page{Title: words.Text(l, "request.title", p.LicenseName), Nav: "requests", Data: p, Problem: wrong})
}

func (u *UI) approveRequest(w http.ResponseWriter, r *http.Request) error {
	return u.decide(w, r, "ApproveLicense", "done.request-approved", nil)
}

// rejectRequest takes the reason of the request's own page, or of its row in the list.
func (u *UI) rejectRequest(w http.ResponseWriter, r *http.Request) error {
	reason := map[string]any{}
	for _, name := range []string{"reason", "reason-" + chi.URLParam(r, "id")} {
		maps.Copy(reason, renamed(frame.Filled(r, name), "reason"))
	}
	return u.decide(w, r, "RejectLicense", "done.request-rejected", reason)
}

func renamed(body map[string]any, name string) map[string]any {
	to := map[string]any{}
	for _, value := range body {
		to[name] = value
	}
	return to
}

func (u *UI) withdrawRequest(w http.ResponseWriter, r *http.Request) error {
	return u.decide(w, r, "WithdrawLicenseRequest", "done.request-withdrawn", nil)
}

// decide ends a request. A refusal shows the request as it is now, with what was typed.
func (u *UI) decide(w http.ResponseWriter, r *http.Request, command, done string, more map[string]any) error {
	id, ok := frame.PathID(r)
	if !ok {
		return licenserequest.ErrNotFound
	}
	body := map[string]any{"requestId": id}
	maps.Copy(body, more)
	_, err := u.Commands.Run(r, command, body)
	if err == nil {
		return u.Pages.Done(w, r, frame.Next(r, "/requests/"+id), done)
	}
	details, ok := frame.Refused(r, err)
	if !ok {
		return err
	}
	typed, _ := more["reason"].(string)
	return u.requestPage(w, r, typed, &details)
}
