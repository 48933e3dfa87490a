package rolegroups

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/rolegrouplist"
)

// matrixPages show what every group in use permits, side by side.
type matrixPages struct{ Section }

func (s matrixPages) mount(r chi.Router) {
	r.Get("/role-groups/matrix", s.Pages.SignedIn(s.show))
}

// mostGroups is how many groups stand side by side; the list has all.
const mostGroups = 30

type matrixPage struct {
	Groups     []rolegrouplist.Item
	More       bool // there are more groups
	Total      int64
	Everywhere bool // they are of several organizations
	Areas      []area[matrixRow]
}

// matrixRow is a permission, and which of the groups give it.
type matrixRow struct {
	Permission rolegroup.Permission
	Given      []bool
}

func (s matrixPages) show(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "ListRoleGroups", rights.ReadRoles); err != nil {
		return err
	}
	organization, _ := frame.Within(session.Who(r.Context()), rights.ReadRoles)
	found, err := answers.RoleGroups.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListRoleGroups"), listing.Question{
		Organization: organization, Fits: listing.Fits{"archived": "false"}, Query: listing.Query{Sort: "name", Limit: mostGroups},
	})
	if err != nil {
		return err
	}
	p := matrixPage{Groups: found.Items, More: found.Next != nil, Total: found.Total, Everywhere: organization == ""}
	given := func(permission rolegroup.Permission) (by []bool) {
		for _, g := range p.Groups {
			by = append(by, slices.Contains(g.Permissions, string(permission)))
		}
		return by
	}
	p.Areas, err = areasOf(r.Context(), s.Section, organization,
		func(permission rolegroup.Permission) bool { return slices.Contains(given(permission), true) },
		func(permission rolegroup.Permission) matrixRow { return matrixRow{permission, given(permission)} })
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, "matrix", frame.Page{Title: words.Text(words.Of(r.Context()), "role-groups.matrix"), Nav: "role-groups", Data: p})
}
