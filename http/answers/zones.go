package answers

import (
	"cmp"
	"context"
	"time"

	"sleutelbos/domain/organization"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/organizationlist"
)

// zoneOf returns the time zone in which the dates of a question are days: that of the organization
// which it is about, or else of the asker's.
func (s Source) zoneOf(ctx context.Context, asker Asker, organizationID string) (*time.Location, error) {
	id := cmp.Or(organizationID, asker.Who.Organization)
	if id == "" {
		return organization.ZoneNamed(""), nil
	}
	zones, err := s.Zones(ctx, id)
	return zones[id], err
}

// ZoneOfAccount returns the time zone of an account's organization.
func (s Source) ZoneOfAccount(ctx context.Context, item accountdetail.Item) (*time.Location, error) {
	return s.zoneOf(ctx, Asker{}, item.OrganizationID)
}

// Zones returns the time zones of organizations, by their ids. One that is not visible yet has the
// usual zone.
func (s Source) Zones(ctx context.Context, organizations ...string) (map[string]*time.Location, error) {
	named, err := organizationlist.TimeZones(ctx, s.DB, organizations...)
	if err != nil {
		return nil, err
	}
	zones := make(map[string]*time.Location, len(organizations))
	for _, id := range organizations {
		if zones[id] == nil {
			zones[id] = organization.ZoneNamed(named[id])
		}
	}
	return zones, nil
}
