// Package regions is the section about regions and whom they are assigned to.
package regions

import (
	"embed"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/forms"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/regionlist"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about regions.
type Section struct{ frame.Site }

// ofRegion is what the pages after forms show.
var ofRegion = frame.Shows{answers.Regions.Whole.Table}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = lists.Set{regionList}.Mount(s.Site.Section(lists.Templates, forms.Templates, templates), r)
	newRegion.Mount(s.Site, r)
	regionPages{s}.mount(r)
}

// regionList is the list of regions; who sees but the own account gets the regions of that one.
var regionList = lists.List[regionlist.Item, regionlist.Item]{
	Path: "/regions", Key: "regions", Says: "list", Nav: "regions", Icon: "map", Bare: "regions.bare",
	Right: rights.ReadRegions, Thing: answers.Regions,
	Order:   func(url.Values) string { return regionlist.Model.Default },
	Filters: []lists.Filter{lists.Organizations(), lists.Flag("archived")},
	Links:   []string{"accountId"},
	Rows:    lists.Same[regionlist.Item],
	Columns: regionColumns,
	Of: func(row *regionlist.Item) lists.Line {
		return lists.Line{ID: row.ID, Href: "/regions/" + row.ID, Name: row.Name}
	},
	Add: func(v *lists.View) *lists.Link {
		if has, err := frame.Works(v.Request.Context(), v.Site.DB, v.Who, frame.WithRegions); err != nil || !has || !v.Sees(rights.ManageRegions) {
			return nil
		}
		return &lists.Link{Href: "/regions/new", Text: "regions.add"}
	},
}

func regionColumns(v *lists.View) []lists.Column[regionlist.Item] {
	type row = regionlist.Item
	columns := []lists.Column[row]{{
		Text: "regions.name", Sort: "name", Main: true, Cell: "cell-main",
		Value: func(l *row) any { return lists.Main{Href: "/regions/" + l.ID, Text: l.Name} },
	}}
	if v.Everywhere() {
		columns = append(columns, lists.Column[row]{Text: "regions.organization", Cell: "cell-text", Value: func(l *row) any { return l.OrganizationName }})
	}
	if v.Sees(rights.ReadAccounts) { // who is in it is for who may see accounts
		columns = append(columns, lists.Column[row]{Text: "regions.users", Number: true, Cell: "cell-text", Value: func(l *row) any { return strconv.FormatInt(l.Count, 10) }})
	}
	return append(columns,
		lists.Column[row]{Field: "status", Cell: "cell-text", Value: func(l *row) any { return words.Text(v.Language, "list.archived.*", strconv.FormatBool(l.Archived)) }},
		lists.Column[row]{Text: "regions.created", Sort: "createdAt", Cell: "cell-day", Value: func(l *row) any { return l.CreatedAt }},
		lists.Column[row]{Text: "regions.changed", Cell: "cell-day", Value: func(l *row) any { return l.ChangedAt }})
}
