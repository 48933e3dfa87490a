package accounts

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
)

// rolePages are about the roles of an account (O-9), and what it may do by them.
type rolePages struct{ accountPages }

func (s rolePages) mount(r chi.Router) {
	r.Get("/accounts/{id}/roles", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, nil) }))
	r.Post("/accounts/{id}/roles", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
		return s.run(w, r, "done.role-assigned", func(id string) any {
			return rolegroups.AssignRole{AccountID: id, RoleGroupID: r.PostFormValue("roleGroupId")}
		})
	}))
	r.Post("/accounts/{id}/roles/{group}/revoke", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
		return s.run(w, r, "done.role-revoked", func(id string) any {
			return rolegroups.RevokeRole{AccountID: id, RoleGroupID: chi.URLParam(r, "group")}
		})
	}))
}

type rolesPage struct {
	Head   accountpage.Head
	Groups []answers.RoleOfAccount
	May    mayPart
	Gives  bool          // the reader may give and take roles
	Free   *frame.Choice // of the groups that the account could get; nil if the reader gives none
	Links  bool          // the reader sees the pages of the groups
}

// mayPart says what the account may do, or could do at the end of a day.
type mayPart struct {
	Groups      []answers.RoleOfAccount
	Verdicts    []verdict
	Nothing     string        // why the account may do nothing at all, if that has one reason; the verdicts are not shown then
	Badge       account.Badge // as of then
	SeesHistory bool          // the reader may ask about a day
	Day         string        // empty for now
	Before      bool          // the account was not there on that day
}

// verdict says whether the account may do what a permission names, and by which groups.
type verdict struct {
	answers.PermissionVerdict
	By []string
}

func (s rolePages) show(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	h, err := s.heads.Of(r, "roles")
	if err != nil {
		return err
	}
	now, err := s.Source.PermissionsOf(r.Context(), h.Facts)
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	p := rolesPage{
		Head: h, Groups: now.RoleGroups, Links: who.Reaches(rights.ReadRoles, h.OrganizationID, ""),
		Gives: h.Manages && who.Reaches(rights.ManageRoles, h.OrganizationID, "") && !h.Closed,
	}
	if p.May, err = s.may(r, h, now); err != nil {
		return err
	}
	if p.Gives {
		c := frame.ChoiceOf(r, "field-roleGroupId", "roleGroupId")
		page, err := answers.RoleGroups.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListRoleGroups"), listing.Question{
			Organization: h.OrganizationID, Fits: listing.Fits{"archived": "false"}, Query: c.Query(),
		})
		if err != nil {
			return err
		}
		c.Cut(page.Total, len(page.Items))
		for _, g := range page.Items {
			if !slices.Contains(h.Roles, g.ID) {
				c.Options = append(c.Options, frame.Option{Value: g.ID, Label: g.Name})
			}
		}
		p.Free = &c
	}
	return s.Pages.Render(w, r, "roles", frame.Page{Title: h.Name, Nav: "accounts", Organization: h.OrganizationID, Data: p, Problem: wrong})
}

// may returns what the account may do now, or could do on the day that was asked for.
func (s rolePages) may(r *http.Request, h accountpage.Head, found answers.AccountPermissions) (mayPart, error) {
	part := mayPart{SeesHistory: session.Who(r.Context()).Reaches(rights.ReadHistory, h.OrganizationID, h.ID)}
	day, at := frame.AsOf(r, "asOf", organization.ZoneNamed(h.Organization.TimeZone), part.SeesHistory)
	if part.Day = day; day != "" {
		past := answers.Past{Source: s.Source, Asker: s.Reach.Asker(r, "GetAccountPermissions")}
		then, was, err := past.Permissions(r.Context(), h.ID, at)
		if err != nil || !was {
			part.Before = !was
			return part, err
		}
		found = then
	}
	names := map[string]string{}
	for _, g := range found.RoleGroups {
		names[g.ID] = g.Name
	}
	for _, v := range found.Permissions {
		line := verdict{PermissionVerdict: v}
		for _, id := range v.RoleGroups {
			line.By = append(line.By, names[id])
		}
		part.Verdicts = append(part.Verdicts, line)
	}
	part.Groups, part.Badge, part.Nothing = found.RoleGroups, account.Badge(found.Badge), oneReason(found.Permissions)
	return part, nil
}

// oneReason returns why nothing is allowed, if all of it has the same reason and that is about the
// account rather than about a permission.
func oneReason(all []answers.PermissionVerdict) string {
	reason := ""
	for _, v := range all {
		if v.Allowed || v.Because == nil || *v.Because == string(rolegroup.DeniedNotGranted) || reason != "" && reason != *v.Because {
			return ""
		}
		reason = *v.Because
	}
	return reason
}

// ofRoles is what the page of an account's roles shows.
var ofRoles = frame.Shows{answers.Accounts.Whole.Table, answers.RoleGroups.Whole.Table}

// run runs a command on the account in the path, and leads back to its roles.
func (s rolePages) run(w http.ResponseWriter, r *http.Request, done words.Key, body func(id string) any) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	if _, err = s.Commands.Run(r, body(row.ID), ofRoles); err == nil {
		return s.Pages.Done(w, r, "/accounts/"+row.ID+"/roles", done)
	}
	return frame.Again(r, err, func(wrong *problem.Details) error { return s.show(w, r, wrong) })
}
