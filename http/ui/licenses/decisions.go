package licenses

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/licenses"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// decisionPages end requests.
type decisionPages struct{ requestPages }

func (s decisionPages) mount(r chi.Router) {
	r.Post("/requests/approve", s.Pages.SignedIn(s.approveRequests))
	r.Post("/requests/{id}/approve", s.Pages.SignedIn(s.approveRequest))
	r.Post("/requests/{id}/reject", s.Pages.SignedIn(s.rejectRequest))
	r.Post("/requests/{id}/withdraw", s.Pages.SignedIn(s.withdrawRequest))
}

// approveRequests approves every request that is ticked. What could not be is said; the
// rest is done.
func (s decisionPages) approveRequests(w http.ResponseWriter, r *http.Request) error {
	done, refusal, err := s.Commands.RunSelected(r, func(id string) any { return licenses.ApproveLicense{RequestID: id} }, ofRequest)
	if err != nil {
		return err
	}
	switch {
	case refusal != nil:
		details := problem.Of(r.Context(), refusal)
		return s.requestsPage(w, frame.BackTo(r, "/requests"), &details)
	case done == 0:
		return s.Pages.Done(w, r, frame.Next(r, "/requests"), "done.nothing-selected")
	}
	return s.Pages.Done(w, r, frame.Next(r, "/requests"), "done.requests-approved")
}

func (s decisionPages) approveRequest(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, "done.request-approved", "", func(id string) any { return licenses.ApproveLicense{RequestID: id} })
}

// rejectRequest takes the reason of the request's own page, or of its row in the list.
func (s decisionPages) rejectRequest(w http.ResponseWriter, r *http.Request) error {
	reason := strings.TrimSpace(cmp.Or(r.PostFormValue("reason-"+chi.URLParam(r, "id")), r.PostFormValue("reason")))
	return s.decide(w, r, "done.request-rejected", reason, func(id string) any { return licenses.RejectLicense{RequestID: id, Reason: reason} })
}

func (s decisionPages) withdrawRequest(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, "done.request-withdrawn", "", func(id string) any { return licenses.WithdrawLicenseRequest{RequestID: id} })
}

// decide ends a request. A refusal shows the request as it is now, with what was typed.
func (s decisionPages) decide(w http.ResponseWriter, r *http.Request, done words.Key, typed string, body func(id string) any) error {
	again := func(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
		return s.requestPage(w, r, typed, wrong)
	}
	return frame.Acts{Site: s.Site, Base: "/requests", Missing: licenserequest.ErrNotFound, Shows: ofRequest, Page: again}.Run(w, r, done, body)
}
