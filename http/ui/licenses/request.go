package licenses

import (
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenserequests"
)

type requestPage struct {
	licenserequests.Item
	Decides, Own, Holder, SeeDecider bool
	Typed                            string // reason, after a refusal
}

// request answers the request in the path, if it is within reach; who decided is left out
// for who may not know.
func (s requestPages) request(r *http.Request) (requestPage, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return requestPage{}, licenserequest.ErrNotFound
	}
	who := session.Who(r.Context())
	page, err := licenserequests.List(r.Context(), s.DB, licenserequests.Filter{ID: id}, listing.Query{Limit: 1})
	if err != nil {
		return requestPage{}, err
	}
	if len(page.Items) == 0 {
		return requestPage{}, licenserequest.ErrNotFound
	}
	p := requestPage{Item: page.Items[0]}
	if !who.Reaches(rights.ReadRequests, p.OrganizationID, p.AccountID) {
		return requestPage{}, s.Reach.Denied(r, "ShowLicenseRequest", licenserequest.ErrNotFound)
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
	return s.Pages.Render(w, r, "request", frame.Page{Title: words.Text(l, "request.title", p.LicenseName), Nav: "requests", Data: p, Problem: wrong})
}
