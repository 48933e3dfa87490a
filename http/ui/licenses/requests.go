package licenses

import (
	"cmp"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/licenserequests"
)

// requestPages show requests for licenses.
type requestPages struct{ Section }

func (s requestPages) mount(r chi.Router) {
	r.Get("/requests", s.Pages.SignedIn(s.showRequests))
	r.Get("/requests/{id}", s.Pages.SignedIn(s.showRequest))
}

func (s requestPages) showRequests(w http.ResponseWriter, r *http.Request) error {
	return s.requestsPage(w, r, nil)
}

// requestsPage shows the list; who sees but the own requests has them on a page of its own.
func (s requestPages) requestsPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	if session.Who(r.Context()).May(rights.ReadRequests) == rights.ScopeSelf {
		http.Redirect(w, r, "/me#requests", http.StatusSeeOther)
		return nil
	}
	return requestList.Show(s.Site, w, r, wrong)
}

// requestList is the list of requests. Its address asks for the open ones where it names no
// status: they are what waits.
var requestList = lists.List[licenserequests.Item, licenserequests.Item]{
	Path: "/requests", Key: "requests", Says: "list", Nav: "requests", Icon: "inbox", Bare: "requests.none",
	Right: rights.ReadRequests, Thing: answers.Requests,
	Order: func(asked url.Values) string {
		if onlyOpen(asked.Get("status")) {
			return "requestedAt" // who waits longest comes first
		}
		return "-requestedAt"
	},
	Fix:     openUnlessAsked,
	Filters: []lists.Filter{lists.Organizations()},
	Links:   []string{"accountId", "licenseId"},
	Views:   lists.Views{All: requestViews},
	Rows:    lists.Same[licenserequests.Item],
	Columns: requestColumns,
	Of: func(row *licenserequests.Item) lists.Line {
		return lists.Line{ID: row.ID, Href: "/requests/" + row.ID, Name: row.Name}
	},
	Selection: func(v *lists.View) *lists.Selection {
		return &lists.Selection{
			Action: "/requests/approve", Method: "post", Ticks: v.Sees(rights.DecideRequests) && onlyOpen(v.Asked("status")), Help: "requests.approve-help",
			Buttons: []lists.Button{{Runs: licenses.ApproveLicense{}, Text: "requests.approve-selected", Primary: true}},
		}
	},
}

func onlyOpen(status string) bool { return status == "" || status == licenserequests.Open }

func openUnlessAsked(asked url.Values) {
	switch asked.Get("status") {
	case "":
		asked.Set("status", licenserequests.Open)
	case "all":
		asked.Del("status")
	}
}

// requestViews has a view for each status, the open requests without one, and all.
func requestViews(time.Time) []lists.Fits {
	var views []lists.Fits
	for _, status := range licenserequest.Statuses() {
		asked := string(status)
		if asked == licenserequests.Open {
			asked = ""
		}
		views = append(views, lists.Fits{Key: string(status), Values: map[string]string{"status": asked}})
	}
	return append(views, lists.Fits{Key: "all", Values: map[string]string{"status": "all"}})
}

func requestColumns(v *lists.View) []lists.Column[licenserequests.Item] {
	type row = licenserequests.Item
	columns := []lists.Column[row]{
		{Text: "requests.who", Main: true, Cell: "cell-main", Value: func(q *row) any {
			return lists.Main{Href: "/requests/" + q.ID, Text: cmp.Or(q.Name, q.AccountID), Second: q.Username}
		}},
		{Text: "requests.license", Cell: "request-license", Value: func(q *row) any { return q }},
		{Text: "requests.reason", Class: "text", Cell: "cell-text", Value: func(q *row) any { return q.Reason }},
		{Text: "requests.asked", Sort: "requestedAt", Cell: "cell-day", Value: func(q *row) any { return q.RequestedAt }},
	}
	switch {
	case !onlyOpen(v.Asked("status")):
		return append(columns,
			lists.Column[row]{Field: "status", Cell: "cell-badge", Value: func(q *row) any { return licenserequest.Status(q.Status) }},
			lists.Column[row]{Text: "requests.decided", Sort: "decidedAt", Cell: "request-decided", Value: func(q *row) any { return q }})
	case v.Sees(rights.DecideRequests):
		return append(columns, lists.Column[row]{Class: "end", Cell: "request-decide", Value: func(q *row) any { return q }})
	}
	return columns
}
