package organizationlist

import (
	"context"

	"sleutelbos/projections/machinery"
)

// TimeZones returns the names of the time zones of organizations, by their ids. There is none for
// an organization that is not visible yet.
func TimeZones(ctx context.Context, db machinery.Reader, ids ...string) (map[string]string, error) {
	type zoned struct {
		ID       string `db:"id"`
		TimeZone string `db:"time_zone"`
	}
	rows, err := machinery.Select[zoned](ctx, db, `SELECT id, time_zone FROM `+Table+` WHERE `+db.InList("id", "$1"), ids)
	zones := make(map[string]string, len(rows))
	for _, row := range rows {
		zones[row.ID] = row.TimeZone
	}
	return zones, err
}
