package licenses

import (
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/licenserequests"
)

type requestPage struct {
	licenserequests.Item
	Decides, Own, Holder, SeeDecider bool
	Typed                            string // reason, after a refusal
}

// shownRequests are the requests as pages show them, whose refusal has another code than the
// API's.
var shownRequests = func() answers.Thing[licenserequests.Item, licenserequests.Item] {
	t := answers.Requests
	t.Missing = licenserequest.ErrNotFound
	return t
}()

// request returns the request in the path, if it is within reach; who decided is left out
// for those who may not know.
func (s requestPages) request(r *http.Request) (requestPage, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return requestPage{}, licenserequest.ErrNotFound
	}
	who := session.Who(r.Context())
	item, err := shownRequests.Get(r.Context(), s.Source, s.Reach.Asker(r, "ShowLicenseRequest"), rights.ReadRequests, id)
	if err != nil {
		return requestPage{}, err
	}
	p := requestPage{Item: item}
	p.Own = p.AccountID == who.AccountID
	p.Decides = who.Reaches(rights.DecideRequests, p.OrganizationID, "")
	p.Holder = who.Reaches(rights.ReadAccounts, p.OrganizationID, p.AccountID)
	p.SeeDecider = who.Reaches(rights.ReadDecider, p.OrganizationID, "")
	return p, nil
}

func (s requestPages) showRequest(w http.ResponseWriter, r *http.Request) error {
	return s.requestPage(w, r, "", nil)
}

func (s requestPages) requestPage(w http.ResponseWriter, r *http.Request, typed string, wrong *problem.Details) error {
	p, err := s.request(r)
	if err != nil {
		return err
	}
	p.Typed = typed
	l := words.Of(r.Context())
	return s.Pages.Render(w, r, "request", frame.Page{Title: words.Text(l, "request.title", p.LicenseName), Nav: "requests", Organization: p.OrganizationID, Data: p, Problem: wrong})
}
