package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/organizationlist"
)

func (u *UI) mountOrganization(r chi.Router) {
	r.Get("/organizations/{id}", u.Pages.SignedIn(u.showOrganization))
	r.Get("/organizations/{id}/admins", u.Pages.SignedIn(u.showAdmins))
	r.Get("/organizations/{id}/licenses", u.Pages.SignedIn(u.showOrganizationLicenses))
	r.Get("/organizations/{id}/rules", u.Pages.SignedIn(u.showRules))
	r.Post("/organizations/{id}/rules/{rule}", u.Pages.SignedIn(u.setRule))
	r.Post("/organizations/{id}/domains", u.Pages.SignedIn(u.allowDomain))
	r.Get("/organizations/{id}/domains/{domain}/withdraw", u.Pages.SignedIn(u.showWithdrawDomain))
	r.Post("/organizations/{id}/domains/{domain}/withdraw", u.Pages.SignedIn(u.withdrawDomain))
}

// organizationHead is what stands above every tab of an organization.
type organizationHead struct {
	organizationlist.Row
	Tab            string
	SeesAccounts   bool // and who administers
	ManagesRules   bool
	ManagesDomains bool
	ManagesAdmins  bool
	Usual          organization.Policies // of its preset
}

func (u *UI) organizationHead(r *http.Request, tab string) (organizationHead, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return organizationHead{}, organization.ErrNotFound
	}
	row, err := u.Reach.Organization(r, id, rights.ReadOrganizations)
	if err != nil {
		return organizationHead{}, err
	}
	who := session.Who(r.Context())
	h := organizationHead{
		Row: row, Tab: tab, SeesAccounts: who.Reaches(rights.ReadAccounts, id, ""), ManagesRules: who.Reaches(rights.ManageOrganizations, id, ""),
		ManagesDomains: who.Reaches(rights.ManageDomains, id, ""), ManagesAdmins: who.Reaches(rights.ManageAdmins, id, ""),
	}
	slices.Sort(h.Domains)
	h.Usual, _ = organization.Preset(row.Preset).Policies()
	return h, nil
}

// OtherRule, OtherMonths and OtherPassword say what was changed from the preset.
func (h organizationHead) OtherRule() bool { return h.UsernameRule != string(h.Usual.UsernameRule) }

// OtherMonths says so of the validity of activations.
func (h organizationHead) OtherMonths() bool {
	return h.ActivationMonths != int64(h.Usual.ActivationMonths)
}

// OtherPassword says so of the password policy.
func (h organizationHead) OtherPassword() bool {
	return h.Password() != h.Usual.Password
}

// Password is the policy as it is.
func (h organizationHead) Password() organization.PasswordPolicy {
	return organization.PasswordPolicy{MinLength: int(h.PasswordMinLength), MinUpper: int(h.PasswordMinUpper), MinDigits: int(h.PasswordMinDigits)}
}

type organizationPage struct {
	Head   organizationHead
	Domain string // as typed
}

func (u *UI) showOrganization(w http.ResponseWriter, r *http.Request) error {
	return u.organizationPage(w, r, nil)
}

func (u *UI) organizationPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	h, err := u.organizationHead(r, "general")
	if err != nil {
		return err
	}
	p := organizationPage{Head: h, Domain: r.PostFormValue("domain")}
	return u.Pages.Render(w, r, "organization", frame.Page{Title: h.Name, Nav: "organizations", Data: p, Problem: wrong})
}

func (u *UI) allowDomain(w http.ResponseWriter, r *http.Request) error {
	h, err := u.organizationHead(r, "")
	if err != nil {
		return err
	}
	domain := strings.Join(domainsIn(r.PostFormValue("domain")), " ")
	if _, err := u.Commands.Run(r, "AllowDomain", map[string]any{"organizationId": h.ID, "domain": domain}); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.organizationPage(w, r, &details)
	}
	return u.Pages.Done(w, r, "/organizations/"+h.ID, "done.domain-allowed")
}

type withdrawPage struct {
	Head    organizationHead
	Domain  string
	Happens []string
	Refused string
}

func (u *UI) showWithdrawDomain(w http.ResponseWriter, r *http.Request) error {
	if err := u.Reach.Need(r, "WithdrawDomain", rights.ManageDomains); err != nil {
		return err
	}
	h, err := u.organizationHead(r, "")
	if err != nil {
		return err
	}
	p := withdrawPage{Head: h, Domain: chi.URLParam(r, "domain")}
	outcome, err := u.Commands.Preview(r, "WithdrawDomain", map[string]any{"organizationId": h.ID, "domain": p.Domain})
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		p.Refused = details.Detail
	} else {
		p.Happens = frame.WillHappen(words.Of(r.Context()), "withdraw-domain", outcome)
	}
	return u.Pages.Render(w, r, "organizationwithdraw", frame.Page{Title: words.Text(words.Of(r.Context()), "domain.withdraw"), Nav: "organizations", Data: p})
}

func (u *UI) withdrawDomain(w http.ResponseWriter, r *http.Request) error {
	h, err := u.organizationHead(r, "")
	if err != nil {
		return err
	}
	if _, err := u.Commands.Run(r, "WithdrawDomain", map[string]any{"organizationId": h.ID, "domain": chi.URLParam(r, "domain")}); err != nil {
		return err
	}
	return u.Pages.Done(w, r, "/organizations/"+h.ID, "done.domain-withdrawn")
}

type adminsPage struct {
	Head   organizationHead
	Admins []accountRow
	Q      string
	Found  []accountRow // who could be appointed
	More   bool         // there are more who fit
}

func (u *UI) showAdmins(w http.ResponseWriter, r *http.Request) error {
	h, err := u.organizationHead(r, "admins")
	if err != nil {
		return err
	}
	if !h.SeesAccounts {
		return u.Reach.Denied(r, "ListAccounts", engine.ErrDenied)
	}
	p := adminsPage{Head: h, Q: strings.TrimSpace(r.URL.Query().Get("q"))}
	rows, err := u.Reach.Accounts(r.Context(), h.ID, h.Admins)
	if err != nil {
		return err
	}
	for _, id := range h.Admins {
		if row, ok := rows[id]; ok {
			p.Admins = append(p.Admins, accountRow{Item: accountlist.Item{Row: row}, Badge: row.Badge(u.Now())})
		}
	}
	if p.Q != "" && h.ManagesAdmins {
		closed := false
		filter := accountlist.Filter{Organization: h.ID, Role: string(rights.RoleUser), Closed: &closed, Now: u.Now()}
		found, err := accountlist.List(r.Context(), u.DB, filter, listing.Query{Search: p.Q, Limit: 20})
		if err != nil {
			return err
		}
		p.More = found.Next != nil
		for _, item := range found.Items {
			p.Found = append(p.Found, accountRow{Item: item, Badge: item.Badge(u.Now())})
		}
	}
	return u.Pages.Render(w, r, "organizationadmins", frame.Page{Title: h.Name, Nav: "organizations", Data: p})
}

type organizationLicensesPage struct {
	Head     organizationHead
	Licenses []licenselist.Item
	Manages  bool
}

func (u *UI) showOrganizationLicenses(w http.ResponseWriter, r *http.Request) error {
	h, err := u.organizationHead(r, "licenses")
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	if !who.Reaches(rights.ReadLicenses, h.ID, "") {
		return u.Reach.Denied(r, "ListLicenses", engine.ErrDenied)
	}
	all, err := licenselist.List(r.Context(), u.DB, licenselist.Filter{Organization: h.ID}, listing.Query{Limit: frame.MostOptions})
	if err != nil {
		return err
	}
	p := organizationLicensesPage{Head: h, Licenses: all.Items, Manages: who.Reaches(rights.ManageLicenses, h.ID, "")}
	return u.Pages.Render(w, r, "organizationlicenses", frame.Page{Title: h.Name, Nav: "organizations", Data: p})
}
