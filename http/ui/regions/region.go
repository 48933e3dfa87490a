package regions

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/regions"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/region"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/regionlist"
)

// regionPages show a region, and change it.
type regionPages struct{ Section }

func (s regionPages) mount(r chi.Router) {
	r.Get("/regions/{id}", s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.show(w, r, nil) }))
	acts := frame.Acts{Site: s.Site, Base: "/regions", Missing: region.ErrNotFound, Shows: ofRegion, Page: s.show}
	acts.Mount(r, "/rename", "done.region-renamed", func(r *http.Request, id string) any {
		return regions.RenameRegion{RegionID: id, Name: r.PostFormValue("name")}
	})
	acts.Mount(r, "/archive", "done.region-archived", func(_ *http.Request, id string) any { return regions.ArchiveRegion{RegionID: id} })
	acts.Mount(r, "/users", "done.region-assigned", func(r *http.Request, id string) any {
		return regions.AssignUsersToRegion{RegionID: id, AccountIDs: r.PostForm["id"]}
	})
	acts.Mount(r, "/users/{account}/remove", "done.region-removed", func(r *http.Request, id string) any {
		return regions.RemoveUserFromRegion{RegionID: id, AccountID: chi.URLParam(r, "account")}
	})
}

type regionPage struct {
	regionlist.Item
	Manages, SeesUsers bool
	In                 []userRow // who is in it
	Q                  string
	Found              []userRow // who could be assigned
	More               bool      // there are more who fit
	Typed              string    // the name, after a refusal
}

// userRow is an account among others.
type userRow struct {
	accountfacts.Facts
	Badge string
}

// offered is how many accounts the page offers to be ticked; a search finds the others.
const offered = 50

// show draws a region. The problem is what was wrong with a form of the page.
func (s regionPages) show(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	id, ok := frame.PathID(r)
	if !ok {
		return region.ErrNotFound
	}
	row, err := answers.Regions.Get(r.Context(), s.Source, s.Reach.Asker(r, "ShowRegion"), rights.ReadRegions, id)
	if err != nil {
		return err
	}
	who := session.Who(r.Context())
	p := regionPage{
		Item: row, SeesUsers: who.Reaches(rights.ReadAccounts, row.OrganizationID, ""),
		Manages: who.Reaches(rights.ManageRegions, row.OrganizationID, "") && !row.Archived,
		Q:       strings.TrimSpace(r.URL.Query().Get("q")), Typed: row.Name,
	}
	if wrong != nil && r.PostForm.Has("name") {
		p.Typed = r.PostFormValue("name")
	}
	if p.SeesUsers {
		if err := s.users(r, &p); err != nil {
			return err
		}
	}
	return s.Pages.Render(w, r, "region", frame.Page{Title: row.Name, Nav: "regions", Organization: row.OrganizationID, Data: p, Problem: wrong})
}

// users finds who is in the region, by name, and who could be assigned to it.
func (s regionPages) users(r *http.Request, p *regionPage) error {
	rows, err := s.Reach.Accounts(r.Context(), p.OrganizationID, p.Users)
	if err != nil {
		return err
	}
	for _, row := range slices.SortedFunc(maps.Values(rows), func(a, b accountlist.Row) int { return strings.Compare(a.SortName, b.SortName) }) {
		p.In = append(p.In, userRow{row.Facts, row.Badge(s.Now())})
	}
	if !p.Manages {
		return nil
	}
	open := listing.Question{
		Organization: p.OrganizationID, Query: listing.Query{Search: p.Q}, Fits: map[string]string{"closed": "false"},
	}
	for item, err := range answers.Accounts.Each(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), open) {
		if err != nil {
			return err
		}
		if slices.Contains(p.Users, item.ID) {
			continue
		}
		if p.More = len(p.Found) == offered; p.More {
			break
		}
		p.Found = append(p.Found, userRow{item.Facts, item.Badge(s.Now())})
	}
	return nil
}
