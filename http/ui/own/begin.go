package own

import (
	"net/http"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/organizationlist"
)

// step is one of those by which an empty program comes into use.
type step struct {
	Key, Href string
	Done      bool
	Next      bool // it is the one to do now
}

// steps lead whoever made the first administrator of the program to the first sign-in of somebody
// else. They are shown to the provider alone, and not any more once each is done.
func (s homePages) steps(r *http.Request, who rights.Principal) ([]step, error) {
	if who.May(rights.ManageOrganizations) < rights.ScopeAll {
		return nil, nil
	}
	organizations, err := answers.Organizations.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListOrganizations"), listing.Question{Query: listing.Query{Limit: 2, Sort: "createdAt"}})
	if err != nil {
		return nil, err
	}
	var first organizationlist.Row
	for _, row := range organizations.Items {
		if row.ID != rights.PlatformOrganization && first.ID == "" { // which is the provider itself
			first = row
		}
	}
	count := func(filter, value string) int64 {
		if err != nil || first.ID == "" {
			return 0
		}
		var found listing.Page[accountlist.Item]
		found, err = answers.Accounts.Find(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), listing.Question{
			Organization: first.ID, Fits: listing.Fits{filter: value}, Query: listing.Query{Limit: 1},
		})
		return found.Total
	}
	to := func(role account.Role) string {
		return frame.Address("/accounts/new", map[string]string{"organizationId": first.ID, "role": string(role)})
	}
	all := []step{
		{Key: "organization", Href: "/organizations/new", Done: first.ID != ""},
		{Key: "admin", Href: to(account.RoleAdmin), Done: count("role", string(account.RoleAdmin)) > 0},
		{Key: "account", Href: to(account.RoleUser), Done: count("role", string(account.RoleUser)) > 0},
		{Key: "signin", Href: "/messages", Done: count("badge", string(account.BadgeActive)) > 0},
	}
	if err != nil {
		return nil, err
	}
	return upTo(all), nil
}

// upTo marks the step to do now, and leaves those behind it without a link. It returns none if all
// are done.
func upTo(all []step) []step {
	next := false
	for i := range all {
		switch {
		case all[i].Done:
		case !next:
			all[i].Next, next = true, true
		default:
			all[i].Href = ""
		}
	}
	if !next {
		return nil
	}
	return all
}
