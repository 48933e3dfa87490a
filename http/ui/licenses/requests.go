package licenses

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenserequests"
)

// requestPages show requests for licenses.
type requestPages struct{ Section }

func (s requestPages) mount(r chi.Router) {
	r.Get("/requests", s.Pages.SignedIn(s.showRequests))
	r.Get("/requests/{id}", s.Pages.SignedIn(s.showRequest))
}

type requestsPage struct {
	*lists.View
	Rows       []licenserequests.Item
	Decides    bool
	SeeDecider bool
	Open       bool   // only open ones are shown
	Reason     string // of a rejection, as typed
}

// requestViews are the views of the list, in their order.
var requestViews = []string{"open", "approved", "rejected", "withdrawn", "all"}

// requestTabs are the views of the list. The address without a status asks for the open
// ones: they are what waits.
var requestTabs = map[string]map[string]string{
	"open": {"status": ""}, "approved": {"status": "approved"}, "rejected": {"status": "rejected"}, "withdrawn": {"status": "withdrawn"}, "all": {"status": "all"},
}

func (s requestPages) showRequests(w http.ResponseWriter, r *http.Request) error {
	return s.requestsPage(w, r, nil)
}

func (s requestPages) requestsPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	if who.May(rights.ReadRequests) == rights.ScopeSelf {
		http.Redirect(w, r, "/me#requests", http.StatusSeeOther)
		return nil
	}
	v := &lists.View{Path: "/requests", API: "/license-requests", Key: "requests", Right: rights.ReadRequests}
	p := requestsPage{View: v, Decides: who.May(rights.DecideRequests) > rights.ScopeSelf, SeeDecider: who.May(rights.ReadDecider) > rights.ScopeSelf}
	status := r.URL.Query().Get("status")
	p.Open = status == "" || status == licenserequests.Open
	order := "-requestedAt"
	if p.Open {
		order = "requestedAt" // who waits longest comes first
	}
	var filter licenserequests.Filter
	err := lists.Ask(s.Site, r, v, order, func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.RequestQuestion(raw, v.Scope, v.Account)
		return asked, err
	}, openUnlessAsked)
	if err != nil {
		return err
	}
	page, err := licenserequests.List(ctx, s.DB, filter, v.Listing)
	if err == nil {
		p.Rows = page.Items
		err = lists.Ended(s.Site, v, page.Total, page.Next)
	}
	if err == nil {
		err = lists.ChooseOrganization(ctx, s.Site, v)
	}
	if err == nil {
		err = lists.About(ctx, s.Site, v)
	}
	if err == nil {
		err = v.ShowTabs(requestViews, requestTabs, func(parameters map[string]string) (int64, error) {
			f := filter
			f.Status = map[string]string{"": licenserequests.Open, "all": ""}[parameters["status"]]
			if f.Status == "" && parameters["status"] != "all" {
				f.Status = parameters["status"]
			}
			counted, err := licenserequests.List(ctx, s.DB, f, listing.Query{Search: v.Listing.Search, Limit: 1})
			return counted.Total, err
		})
	}
	if err != nil {
		return err
	}
	v.Selecting = p.Decides && p.Open && len(p.Rows) > 0
	return s.Pages.Render(w, r, "requests", frame.Page{Title: words.Text(l, "requests.title"), Nav: "requests", Data: p, Problem: wrong})
}

func openUnlessAsked(asked url.Values) {
	switch asked.Get("status") {
	case "":
		asked.Set("status", licenserequests.Open)
	case "all":
		asked.Del("status")
	}
}
