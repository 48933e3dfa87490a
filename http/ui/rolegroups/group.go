package rolegroups

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/rolegrouplist"
)

// groupPages show a role group, and change it.
type groupPages struct{ Section }

func (s groupPages) mount(r chi.Router) {
	r.Get("/role-groups/{id}", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, nil) }))
	permission := func(r *http.Request) rolegroup.Permission { return rolegroup.Permission(chi.URLParam(r, "permission")) }
	acts := frame.Acts{Site: s.Site, Base: "/role-groups", Missing: rolegroup.ErrNotFound, Shows: ofMembers, Page: s.show}
	acts.Mount(r, "/rename", "done.role-group-renamed", func(r *http.Request, id string) any {
		return rolegroups.RenameRoleGroup{RoleGroupID: id, Name: r.PostFormValue("name")}
	})
	acts.Mount(r, "/archive", "done.role-group-archived", func(_ *http.Request, id string) any { return rolegroups.ArchiveRoleGroup{RoleGroupID: id} })
	acts.Mount(r, "/permissions/{permission}/grant", "done.permission-granted", func(r *http.Request, id string) any {
		return rolegroups.GrantPermission{RoleGroupID: id, Permission: permission(r)}
	})
	acts.Mount(r, "/permissions/{permission}/withdraw", "done.permission-withdrawn", func(r *http.Request, id string) any {
		return rolegroups.WithdrawPermission{RoleGroupID: id, Permission: permission(r)}
	})
	acts.Mount(r, "/permissions/{permission}/describe", "done.permission-described", func(r *http.Request, id string) any {
		return rolegroups.DescribePermission{RoleGroupID: id, Permission: permission(r), Description: r.PostFormValue("description")}
	})
	acts.Mount(r, "/members/{account}/revoke", "done.role-revoked", func(r *http.Request, id string) any {
		return rolegroups.RevokeRole{RoleGroupID: id, AccountID: chi.URLParam(r, "account")}
	})
	r.Post("/role-groups/{id}/members", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.assign(w, r, acts) }))
}

type groupPage struct {
	rolegrouplist.Item
	Manages, SeesMembers bool
	Areas                []area[permissionRow]
	In                   []accountlist.Item // who has it, as many as the page shows
	Q                    string
	Found                []accountlist.Item // who could get it
	More                 bool               // there are more who fit
	Typed                string             // the name, after a refusal
}

// permissionRow is a permission among others.
type permissionRow struct {
	Permission  rolegroup.Permission
	Given       bool
	Description string // the organization's own
}

// offered is how many accounts the page shows and offers; a search finds the others.
const offered = 50

// show draws a role group. The problem is what was wrong with a form of the page.
func (s groupPages) show(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	id, ok := frame.PathID(r)
	if !ok {
		return rolegroup.ErrNotFound
	}
	row, err := answers.RoleGroups.Get(r.Context(), s.Source, s.Reach.Asker(r, "ShowRoleGroup"), rights.ReadRoles, id)
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	p := groupPage{
		Item: row, SeesMembers: who.Reaches(rights.ReadAccounts, row.OrganizationID, ""),
		Manages: who.Reaches(rights.ManageRoles, row.OrganizationID, "") && !row.Archived,
		Q:       strings.TrimSpace(r.URL.Query().Get("q")), Typed: row.Name,
	}
	if wrong != nil && r.PostForm.Has("name") {
		p.Typed = r.PostFormValue("name")
	}
	given := func(permission rolegroup.Permission) bool {
		return slices.Contains(row.Permissions, string(permission))
	}
	p.Areas, err = areasOf(r.Context(), s.Section, row.OrganizationID, given, func(permission rolegroup.Permission) permissionRow {
		return permissionRow{permission, given(permission), row.Description(permission)}
	})
	if err != nil {
		return err
	}
	if p.SeesMembers {
		if err := s.members(r, &p); err != nil {
			return err
		}
	}
	return s.Pages.Render(w, r, "group", frame.Page{Title: row.Name, Nav: "role-groups", Organization: row.OrganizationID, Data: p, Problem: wrong})
}

// members finds who has the group, and who could get it.
func (s groupPages) members(r *http.Request, p *groupPage) error {
	question := listing.Question{Organization: p.OrganizationID, Fits: listing.Fits{"roleGroup": p.ID}, Query: listing.Query{Sort: "name", Limit: offered}}
	has, err := answers.Accounts.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), question)
	if err != nil {
		return err
	}
	p.In = has.Items
	if !p.Manages {
		return nil
	}
	question.Query.Search, question.Fits = p.Q, listing.Fits{"closed": "false"}
	for item, err := range answers.Accounts.Each(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), question) {
		if err != nil {
			return err
		}
		if slices.Contains(item.Roles, p.ID) {
			continue
		}
		if p.More = len(p.Found) == offered; p.More {
			break
		}
		p.Found = append(p.Found, item)
	}
	return nil
}

// assign gives the group to every ticked account.
func (s groupPages) assign(w http.ResponseWriter, r *http.Request, acts frame.Acts) error {
	id, ok := frame.PathID(r)
	if !ok {
		return rolegroup.ErrNotFound
	}
	_, first, err := s.Commands.RunSelected(r, func(account string) any { return rolegroups.AssignRole{AccountID: account, RoleGroupID: id} }, ofMembers)
	if err == nil {
		err = first
	}
	return acts.After(w, r, id, "done.role-assigned", err)
}
