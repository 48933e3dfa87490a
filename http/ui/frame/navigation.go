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

// place is a line of the navigation behind the first. It is for whom the right reaches beyond the own
// account, if the reader's organization works with such things.
type place struct {
	right   rights.Right
	item    navItem
	works   func(organizationlist.Row) bool                         // nil for every organization
	own     func(navigation, *http.Request) bool                    // whether somebody who sees but the own account has such things; nil for nobody
	waiting func(navigation, *http.Request, rights.Principal) int64 // how much waits there; nil for nothing
}

// What an organization can work with.
var (
	WithLicenses = func(o organizationlist.Row) bool { return o.Licenses }
	WithRegions  = func(o organizationlist.Row) bool { return o.Regions }
	WithRoles    = func(o organizationlist.Row) bool { return o.Roles }
	WithPersons  = organizationlist.Row.Persons
)

var places = []place{
	{right: rights.ReadAccounts, item: navItem{Key: "accounts", Href: "/accounts", Icon: "users"}},
	{right: rights.ReadPersons, item: navItem{Key: "persons", Href: "/persons", Icon: "user"}, works: WithPersons},
	{right: rights.ReadRequests, item: navItem{Key: "requests", Href: "/requests", Icon: "inbox"}, works: WithLicenses, waiting: navigation.openRequests},
	{right: rights.ReadLicenses, item: navItem{Key: "licenses", Href: "/licenses", Icon: "key"}, works: WithLicenses},
	{right: rights.ReadRegions, item: navItem{Key: "regions", Href: "/regions", Icon: "map"}, works: WithRegions, own: navigation.ownRegions},
	{right: rights.ReadRoles, item: navItem{Key: "role-groups", Href: "/role-groups", Icon: "shield"}, works: WithRoles},
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
	own, err := ownOrganization(r.Context(), n.source.DB, who)
	for _, place := range places {
		reach := who.May(place.right)
		switch {
		case reach == rights.ScopeNone,
			place.works != nil && err == nil && own != nil && !place.works(*own), // after an error the list itself says what is wrong
			reach == rights.ScopeSelf && (place.own == nil || !place.own(n, r)):
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

// ownRegions reports whether the reader is in a region.
func (n navigation) ownRegions(r *http.Request) bool {
	own, err := answers.Regions.Find(r.Context(), n.source, asking(r.Context()), listing.Question{Query: listing.Query{Limit: 1}})
	return err == nil && own.Total > 0
}

// Works reports whether somebody's organization works with something. For who sees all organizations,
// one of them does.
func Works(ctx context.Context, db machinery.Reader, who rights.Principal, with func(organizationlist.Row) bool) (bool, error) {
	own, err := ownOrganization(ctx, db, who)
	return err == nil && (own == nil || with(*own)), err
}

// ownOrganization returns the organization that somebody is of; nil for who sees all of them.
func ownOrganization(ctx context.Context, db machinery.Reader, who rights.Principal) (*organizationlist.Row, error) {
	if who.Organization == "" || who.May(rights.ReadOrganizations) == rights.ScopeAll {
		return nil, nil
	}
	row, err := organizationlist.Get(ctx, db, who.Organization)
	return &row, err
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
