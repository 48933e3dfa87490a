package frame

import (
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/http/session"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/licenserequests"
)

// navItem is a line of the navigation.
type navItem struct {
	Key, Href, Icon string
	Count           int64 // what waits there; 0 shows nothing
}

// places are the lines of the navigation behind the first, each with the right that must
// reach beyond the own account.
var places = []struct {
	right rights.Right
	item  navItem
}{
	{rights.ReadAccounts, navItem{Key: "accounts", Href: "/accounts", Icon: "users"}},
	{rights.ReadRequests, navItem{Key: "requests", Href: "/requests", Icon: "inbox"}},
	{rights.ReadLicenses, navItem{Key: "licenses", Href: "/licenses", Icon: "key"}},
	{rights.ReadOrganizations, navItem{Key: "organizations", Href: "/organizations", Icon: "building"}},
	{rights.ReadLetters, navItem{Key: "letters", Href: "/letters", Icon: "file"}},
	{rights.ReadMessages, navItem{Key: "messages", Href: "/messages", Icon: "mail"}},
	{rights.ReadAudit, navItem{Key: "audit", Href: "/audit", Icon: "history"}},
	{rights.ReadProjections, navItem{Key: "manage", Href: "/manage", Icon: "settings"}},
}

type navigation struct{ db machinery.DB }

// items returns what the reader may see, with what waits.
func (n navigation) items(r *http.Request) []navItem {
	who := session.Who(r.Context())
	items := []navItem{{Key: "home", Href: "/", Icon: "home"}}
	for _, place := range places {
		if who.May(place.right) <= rights.ScopeSelf {
			continue
		}
		item := place.item
		if item.Key == "requests" {
			item.Count = n.openRequests(r, who)
		}
		items = append(items, item)
	}
	return items
}

// openRequests counts the requests that wait for a decision.
func (n navigation) openRequests(r *http.Request, who rights.Principal) int64 {
	organization, _ := Within(who, rights.ReadRequests)
	open, err := licenserequests.CountOpen(r.Context(), n.db, organization)
	if err != nil {
		return 0 // the list itself will say what is wrong
	}
	return open
}
