package rolegroups

import (
	"context"
	"errors"
	"slices"

	"sleutelbos/domain/organization"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/organizationlist"
)

// area is a system with the rows of its permissions that a page shows.
type area[Row any] struct {
	Area rolegroup.Area
	Rows []Row
}

// areasOf returns the permissions to show for an organization (empty: for all), by area: what is offered to it, and what was
// given before. An area of which nothing is left is none.
func areasOf[Row any](ctx context.Context, s Section, organizationID string, given func(rolegroup.Permission) bool, row func(rolegroup.Permission) Row) ([]area[Row], error) {
	offered := rolegroup.Areas()
	if organizationID != "" {
		o, err := organizationlist.Get(ctx, s.DB, organizationID)
		if err != nil && !errors.Is(err, machinery.ErrNoRow) {
			return nil, err
		}
		offered = rolegroup.AreasOf(organization.Preset(o.Preset))
	}
	var all []area[Row]
	for _, a := range rolegroup.Areas() {
		shown := area[Row]{Area: a}
		for _, p := range a.Permissions() {
			if slices.Contains(offered, a) || given(p) {
				shown.Rows = append(shown.Rows, row(p))
			}
		}
		if len(shown.Rows) > 0 {
			all = append(all, shown)
		}
	}
	return all, nil
}
