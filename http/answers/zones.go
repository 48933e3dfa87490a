package answers

import (
	"context"
	"time"

	"sleutelbos/domain/organization"
	"sleutelbos/projections/models/organizationlist"
)

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
