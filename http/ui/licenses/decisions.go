package licenses

import (
	"maps"
	"net/http"

	"github.com/go-chi/chi/v5"

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
	done, refusal, err := s.Commands.RunSelected(r, "ApproveLicense", "requestId")
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
	return s.decide(w, r, "ApproveLicense", "done.request-approved", nil)
}

// rejectRequest takes the reason of the request's own page, or of its row in the list.
func (s decisionPages) rejectRequest(w http.ResponseWriter, r *http.Request) error {
	reason := map[string]any{}
	for _, name := range []string{"reason", "reason-" + chi.URLParam(r, "id")} {
		maps.Copy(reason, renamed(frame.Filled(r, name), "reason"))
	}
	return s.decide(w, r, "RejectLicense", "done.request-rejected", reason)
}

func renamed(body map[string]any, name string) map[string]any {
	to := map[string]any{}
	for _, value := range body {
		to[name] = value
	}
	return to
}

func (s decisionPages) withdrawRequest(w http.ResponseWriter, r *http.Request) error {
	return s.decide(w, r, "WithdrawLicenseRequest", "done.request-withdrawn", nil)
}

// decide ends a request. A refusal shows the request as it is now, with what was typed.
func (s decisionPages) decide(w http.ResponseWriter, r *http.Request, command string, done words.Key, more map[string]any) error {
	id, ok := frame.PathID(r)
	if !ok {
		return licenserequest.ErrNotFound
	}
	body := map[string]any{"requestId": id}
	maps.Copy(body, more)
	_, err := s.Commands.Run(r, command, body)
	if err == nil {
		return s.Pages.Done(w, r, frame.Next(r, "/requests/"+id), done)
	}
	details, ok := frame.Refused(r, err)
	if !ok {
		return err
	}
	typed, _ := more["reason"].(string)
	return s.requestPage(w, r, typed, &details)
}
