package organizations

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// domainPages allow and withdraw the mail domains of an organization.
type domainPages struct{ tabPages }

func (s domainPages) mount(r chi.Router) {
	r.Post("/organizations/{id}/domains", s.Pages.SignedIn(s.allowDomain))
	r.Get("/organizations/{id}/domains/{domain}/withdraw", s.Pages.SignedIn(s.showWithdrawDomain))
	r.Post("/organizations/{id}/domains/{domain}/withdraw", s.Pages.SignedIn(s.withdrawDomain))
}

func (s domainPages) allowDomain(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "")
	if err != nil {
		return err
	}
	domain := strings.Join(domainsIn(r.PostFormValue("domain")), " ")
	if _, err := s.Commands.Run(r, organizations.AllowDomain{OrganizationID: h.ID, Domain: domain}, ofOrganization); err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.organizationPage(w, r, wrong) })
	}
	return s.Pages.Done(w, r, "/organizations/"+h.ID, "done.domain-allowed")
}

type withdrawPage struct {
	Head    organizationHead
	Domain  string
	Happens []string
	Refused string
}

func (s domainPages) showWithdrawDomain(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "WithdrawDomain", rights.ManageDomains); err != nil {
		return err
	}
	h, err := s.head(r, "")
	if err != nil {
		return err
	}
	p := withdrawPage{Head: h, Domain: chi.URLParam(r, "domain")}
	outcome, err := s.Commands.Preview(r, organizations.WithdrawDomain{OrganizationID: h.ID, Domain: p.Domain})
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		p.Refused = details.Detail
	} else {
		p.Happens = frame.WillHappen(words.Of(r.Context()), "withdraw-domain", outcome)
	}
	return s.Pages.Render(w, r, "withdraw", frame.Page{Title: words.Text(words.Of(r.Context()), "domain.withdraw"), Nav: "organizations", Organization: h.ID, Data: p})
}

func (s domainPages) withdrawDomain(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "")
	if err != nil {
		return err
	}
	if _, err := s.Commands.Run(r, organizations.WithdrawDomain{OrganizationID: h.ID, Domain: chi.URLParam(r, "domain")}, ofOrganization); err != nil {
		return err
	}
	return s.Pages.Done(w, r, "/organizations/"+h.ID, "done.domain-withdrawn")
}
