package organizations

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
)

// tabPages are the pages about one organization.
type tabPages struct{ Section }

func (s tabPages) mount(r chi.Router) {
	r.Get("/organizations/{id}", s.Pages.SignedIn(s.showOrganization))
	r.Get("/organizations/{id}/admins", s.Pages.SignedIn(s.showAdmins))
	r.Get("/organizations/{id}/licenses", s.Pages.SignedIn(s.showOrganizationLicenses))
}

type organizationPage struct {
	Head      organizationHead
	Rules     []policy
	Day       string        // of which the rules are shown; empty for now
	Domain    string        // as typed
	Elsewhere []elsewhereIn // by domain
}

// elsewhereIn are accounts of other organizations whose usernames are in a domain of this one.
type elsewhereIn struct {
	Domain   string
	Accounts []accountlist.Item
	More     bool // there are others
}

// mostElsewhere is how many accounts are named for a domain.
const mostElsewhere = 10

func (s tabPages) showOrganization(w http.ResponseWriter, r *http.Request) error {
	return s.organizationPage(w, r, nil)
}

func (s tabPages) organizationPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	h, err := s.head(r, "general")
	if err != nil {
		return err
	}
	p := organizationPage{Head: h, Domain: r.PostFormValue("domain")}
	if p.Elsewhere, err = s.elsewhere(r, h); err != nil {
		return err
	}
	var at time.Time
	p.Day, at = frame.AsOf(r, "asOf", organization.ZoneNamed(h.TimeZone), h.SeesHistory)
	if p.Rules, err = s.policies(r, h.ID, at); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "organization", frame.Page{Title: h.Name, Nav: "organizations", Organization: h.ID, Data: p, Problem: wrong})
}

// elsewhere returns whose usernames were in the organization's domains before it had them. Only
// who sees the accounts of every organization may know.
func (s tabPages) elsewhere(r *http.Request, h organizationHead) ([]elsewhereIn, error) {
	all := make([]elsewhereIn, 0, len(h.Domains))
	sees := session.Who(r.Context()).May(rights.ReadAccounts) == rights.ScopeAll
	for _, domain := range h.Domains {
		in := elsewhereIn{Domain: domain}
		if sees {
			found, err := accountlist.InDomainElsewhere(r.Context(), s.DB, h.ID, domain, mostElsewhere+1)
			if err != nil {
				return nil, err
			}
			in.Accounts, in.More = found[:min(len(found), mostElsewhere)], len(found) > mostElsewhere
		}
		all = append(all, in)
	}
	return all, nil
}

type organizationLicensesPage struct {
	Head     organizationHead
	Licenses frame.Some[licenselist.Item]
	Manages  bool
}

func (s tabPages) showOrganizationLicenses(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "licenses")
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	if !who.Reaches(rights.ReadLicenses, h.ID, "") {
		return s.Reach.Denied(r, "ListLicenses", engine.ErrDenied)
	}
	all, err := answers.Licenses.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListLicenses"), listing.Question{Organization: h.ID, Query: listing.Query{Sort: "name", Limit: frame.Shown}})
	if err != nil {
		return err
	}
	p := organizationLicensesPage{Head: h, Licenses: frame.Some[licenselist.Item]{Items: all.Items, Total: all.Total, All: frame.Address("/licenses", map[string]string{"organizationId": h.ID})}, Manages: who.Reaches(rights.ManageLicenses, h.ID, "")}
	return s.Pages.Render(w, r, "licenses", frame.Page{Title: h.Name, Nav: "organizations", Organization: h.ID, Data: p})
}
