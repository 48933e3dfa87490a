package accounts

import (
	"slices"
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/rolegrouplist"
)

// mostWide is of how many company-wide licenses the rows of all organizations know the names.
const mostWide = 500

// accountRow is a line of the list.
type accountRow struct {
	accountlist.Item
	Badge      string
	Activation string
	Held       []string // names of the licenses
	RoleNames  []string // names of the role groups
	LastDay    string   // on which it can be activated, as its organization counts days
	now        time.Time
}

// Late reports whether the deadline of the activation is over.
func (row accountRow) Late() bool { return row.Activation == string(account.StatusExpired) }

// Due reports whether there is a deadline.
func (row accountRow) Due() bool {
	return row.Late() || row.Activation == string(account.StatusSent)
}

// accountRows adds to a page's rows what the list shows beside the facts.
func accountRows(v *lists.View, items []accountlist.Item) ([]accountRow, error) {
	var granted, assigned []string
	for _, item := range items {
		granted, assigned = append(granted, item.Licenses...), append(assigned, item.Roles...)
	}
	ctx, db := v.Request.Context(), v.Site.DB
	licenses, err := licenselist.Held(ctx, db, v.Scope, granted)
	if err != nil {
		return nil, err
	}
	if v.Everywhere() { // everybody's company-wide licenses, and not of one organization only
		wide, err := answers.Licenses.Find(ctx, v.Site.Source, v.Asker, listing.Question{Fits: listing.Fits{"companyWide": "true"}, Query: listing.Query{Limit: mostWide}})
		if err != nil {
			return nil, err
		}
		licenses = append(licenses, wide.Items...)
	}
	groups, err := rolegrouplist.ByID(ctx, db, assigned)
	if err != nil {
		return nil, err
	}
	zones, err := v.Site.Source.Zones(ctx, organizationsOf(items)...)
	if err != nil {
		return nil, err
	}
	now := v.Site.Now()
	rows := make([]accountRow, len(items))
	for i, item := range items {
		row := accountRow{Item: item, Badge: item.Badge(now), Activation: item.ActivationAt(now), now: now}
		row.LastDay = frame.LastDay(v.Language, item.ActivationExpiresAt, zones[item.OrganizationID])
		for _, l := range licenses {
			holds := l.CompanyWide && l.OrganizationID == item.OrganizationID || slices.Contains(item.Licenses, l.ID)
			if holds && !slices.Contains(row.Held, l.Name) {
				row.Held = append(row.Held, l.Name)
			}
		}
		for _, g := range groups {
			if slices.Contains(item.Roles, g.ID) {
				row.RoleNames = append(row.RoleNames, g.Name)
			}
		}
		rows[i] = row
	}
	return rows, nil
}

func organizationsOf(items []accountlist.Item) []string {
	var ids []string
	for _, item := range items {
		if !slices.Contains(ids, item.OrganizationID) {
			ids = append(ids, item.OrganizationID)
		}
	}
	return ids
}
