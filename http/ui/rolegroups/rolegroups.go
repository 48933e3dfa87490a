// Package rolegroups is the section about role groups: what each permits, and who has it.
package rolegroups

import (
	"context"
	"embed"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/forms"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/rolegrouplist"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about role groups.
type Section struct{ frame.Site }

// What the pages after forms show.
var (
	ofGroup   = frame.Shows{answers.RoleGroups.Whole.Table}
	ofMembers = frame.Shows{answers.RoleGroups.Whole.Table, answers.Accounts.List.Table}
)

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = lists.Set{groupList}.Mount(s.Site.Section(lists.Templates, forms.Templates, templates), r)
	s.Texts.Family("permission.help.*", domain.Values(rolegroup.Permissions())...)
	newGroup.Mount(s.Site, r)
	matrixPages{s}.mount(r)
	groupPages{s}.mount(r)
}

// groupList is the list of role groups.
var groupList = lists.List[rolegrouplist.Item, rolegrouplist.Item]{
	Path: "/role-groups", Key: "role-groups", Says: "list", Nav: "role-groups", Icon: "shield", Bare: "role-groups.bare",
	Right: rights.ReadRoles, Thing: answers.RoleGroups,
	Order:   func(url.Values) string { return rolegrouplist.Model.Default },
	Filters: []lists.Filter{lists.Organizations(), lists.OneOf("permission", rolegroup.Permissions()), lists.Flag("archived")},
	Rows:    lists.Same[rolegrouplist.Item],
	Columns: groupColumns,
	Of: func(row *rolegrouplist.Item) lists.Line {
		return lists.Line{ID: row.ID, Href: "/role-groups/" + row.ID, Name: row.Name}
	},
	Add: func(v *lists.View) *lists.Link {
		if has, err := frame.Works(v.Request.Context(), v.Site.DB, v.Who, frame.WithRoles); err != nil || !has || !v.Sees(rights.ManageRoles) {
			return nil
		}
		return &lists.Link{Href: "/role-groups/new", Text: "role-groups.add"}
	},
}

func groupColumns(v *lists.View) []lists.Column[rolegrouplist.Item] {
	type row = rolegrouplist.Item
	columns := []lists.Column[row]{{
		Text: "role-groups.name", Sort: "name", Main: true, Cell: "cell-main",
		Value: func(g *row) any { return lists.Main{Href: "/role-groups/" + g.ID, Text: g.Name} },
	}}
	if v.Everywhere() {
		columns = append(columns, lists.Column[row]{Text: "role-groups.organization", Cell: "cell-text", Value: func(g *row) any { return g.OrganizationName }})
	}
	return append(columns,
		lists.Column[row]{Text: "role-groups.members", Number: true, Cell: "cell-text", Value: func(g *row) any { return strconv.FormatInt(g.Members, 10) }},
		lists.Column[row]{Text: "role-groups.permissions", Cell: "cell-text", Value: func(g *row) any { return said(v.Language, g.Permissions) }},
		lists.Column[row]{Field: "status", Cell: "cell-text", Value: func(g *row) any { return words.Text(v.Language, "list.archived.*", strconv.FormatBool(g.Archived)) }},
		lists.Column[row]{Text: "role-groups.created", Sort: "createdAt", Cell: "cell-day", Value: func(g *row) any { return g.CreatedAt }})
}

// said names permissions in one line; empty for none.
func said(l words.Language, permissions []string) string {
	line := ""
	for i, p := range permissions {
		if i > 0 {
			line += ", "
		}
		line += words.Value(l, words.Permissions, p)
	}
	return line
}

// newGroup is the page on which a role group is created.
var newGroup = forms.New[rolegroups.CreateRoleGroup]{
	Base: "/role-groups", Nav: "role-groups", ID: "roleGroupId", Title: "role-groups.add", Add: "role-groups.add", Done: "done.role-group-created",
	Organization: "role-groups.organization", Choose: "role-group.choose", Among: withRoles(), Shows: ofGroup,
	Fields: []forms.Field{{Name: "name", Label: "role-groups.name", Help: "role-group.name-help"}},
	May: func(ctx context.Context, db machinery.DB, who rights.Principal) error {
		has, err := frame.Works(ctx, db, who, frame.WithRoles)
		if err == nil && !has {
			err = organization.ErrNoRoles
		}
		return err
	},
}

// withRoles returns which organizations work with role groups.
func withRoles() []listing.Question {
	return []listing.Question{{Fits: listing.Fits{"roles": "true"}}}
}
