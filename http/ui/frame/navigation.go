package frame

import (
	"context"
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/organizationlist"
)

// navItem is a line of the navigation.
type navItem struct {
	Key, Href, Icon string
	Count           int64 // what waits there; 0 shows nothing
}

// place is a line of the navigation behind the first. It is for whom the right reaches beyond
// the own account, unless it says otherwise.
type place struct {
	right   rights.Right
	item    navItem
	isFor   func(navigation, *http.Request, rights.Principal) bool
	waiting func(navigation, *http.Request, rights.Principal) int64 // how much waits there; nil for nothing
}

var places = []place{
	{right: rights.ReadAccounts, item: navItem{Key: "accounts", Href: "/accounts", Icon: "users"}},
	{right: rights.ReadPersons, item: navItem{Key: "persons", Href: "/persons", Icon: "user"}, isFor: navigation.hasPersons},
	{right: rights.ReadRequests, item: navItem{Key: "requests", Href: "/requests", Icon: "inbox"}, isFor: licensed(rights.ReadRequests), waiting: navigation.openRequests},
	{right: rights.ReadLicenses, item: navItem{Key: "licenses", Href: "/licenses", Icon: "key"}, isFor: licensed(rights.ReadLicenses)},
	{right: rights.ReadRegions, item: navItem{Key: "regions", Href: "/regions", Icon: "map"}, isFor: navigation.hasRegions},
	{right: rights.ReadRoles, item: navItem{Key: "role-groups", Href: "/role-groups", Icon: "shield"}, isFor: navigation.hasRoles},
	{right: rights.ReadOrganizations, item: navItem{Key: "organizations", Href: "/organizations", Icon: "building"}},
	{right: rights.ReadLetters, item: navItem{Key: "letters", Href: "/letters", Icon: "file"}},
	{right: rights.ReadMessages, item: navItem{Key: "messages", Href: "/messages", Icon: "mail"}},
	{right: rights.ReadAudit, item: navItem{Key: "audit", Href: "/audit", Icon: "history"}},
	{right: rights.ReadProjections, item: navItem{Key: "manage", Href: "/manage", Icon: "settings"}},
}

type navigation struct{ source answers.Source }

// items returns what the reader may see, with what waits.
func (n navigation) items(r *http.Request) []navItem {
	who := session.Who(r.Context())
	items := []navItem{{Key: "home", Href: "/", Icon: "home"}}
	for _, place := range places {
		if place.isFor == nil && who.May(place.right) <= rights.ScopeSelf || place.isFor != nil && !place.isFor(n, r, who) {
			continue
		}
		item := place.item
		if place.waiting != nil {
			item.Count = place.waiting(n, r, who)
		}
		items = append(items, item)
	}
	return items
}

// hasRegions reports whether the reader's organization works with regions; who sees but the own
// account must also be in one.
func (n navigation) hasRegions(r *http.Request, who rights.Principal) bool {
	reach := who.May(rights.ReadRegions)
	if reach == rights.ScopeNone {
		return false
	}
	has, err := HasRegions(r.Context(), n.source.DB, who)
	if err != nil || !has || reach > rights.ScopeSelf {
		return err == nil && has // else the list itself will say what is wrong
	}
	own, err := answers.Regions.Find(r.Context(), n.source, asking(r.Context()), listing.Question{Query: listing.Query{Limit: 1}})
	return err == nil && own.Total > 0
}

// HasRegions reports whether somebody's organization works with regions. For who is of none,
// some organization does.
func HasRegions(ctx context.Context, db machinery.Reader, who rights.Principal) (bool, error) {
	if who.Organization == "" {
		return true, nil
	}
	row, err := organizationlist.Get(ctx, db, who.Organization)
	return row.Regions, err
}

// licensed reports whether the reader's right reaches beyond the own account and the reader's
// organization works with licenses. For who is of none, some organization does.
func licensed(right rights.Right) func(navigation, *http.Request, rights.Principal) bool {
	return func(n navigation, r *http.Request, who rights.Principal) bool {
		if who.May(right) <= rights.ScopeSelf || who.Organization == "" || who.May(right) == rights.ScopeAll {
			return who.May(right) > rights.ScopeSelf
		}
		row, err := organizationlist.Get(r.Context(), n.source.DB, who.Organization)
		return err != nil || row.Licenses // else the list itself will say what is wrong
	}
}

// hasPersons reports whether the reader sees persons, and the own organization works with them.
func (n navigation) hasPersons(r *http.Request, who rights.Principal) bool {
	has, err := HasPersons(r.Context(), n.source.DB, who)
	return err == nil && has && who.May(rights.ReadPersons) > rights.ScopeSelf // else the list itself will say what is wrong
}

// HasPersons reports whether somebody's organization works with persons. For who is of none, some
// organization does.
func HasPersons(ctx context.Context, db machinery.Reader, who rights.Principal) (bool, error) {
	if who.Organization == "" || who.May(rights.ReadPersons) == rights.ScopeAll {
		return true, nil
	}
	row, err := organizationlist.Get(ctx, db, who.Organization)
	return row.Persons(), err
}

// hasRoles reports whether the reader sees role groups, and the own organization works with them.
func (n navigation) hasRoles(r *http.Request, who rights.Principal) bool {
	has, err := HasRoles(r.Context(), n.source.DB, who)
	return err == nil && has && who.May(rights.ReadRoles) > rights.ScopeSelf // else the list itself will say what is wrong
}

// HasRoles reports whether somebody's organization works with role groups. For who is of none, some
// organization does.
func HasRoles(ctx context.Context, db machinery.Reader, who rights.Principal) (bool, error) {
	if who.Organization == "" || who.May(rights.ReadRoles) == rights.ScopeAll {
		return true, nil
	}
	row, err := organizationlist.Get(ctx, db, who.Organization)
	return row.Roles, err
}

// openRequests counts the requests that wait for a decision.
func (n navigation) openRequests(r *http.Request, who rights.Principal) int64 {
	organization, _ := Within(who, rights.ReadRequests)
	open, err := licenserequests.CountOpen(r.Context(), n.source.DB, organization)
	if err != nil {
		return 0 // the list itself will say what is wrong
	}
	return open
}
