package regions

import (
	"context"

	"sleutelbos/commands/regions"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/forms"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
)

// newRegion is the page on which a region is created.
var newRegion = forms.New[regions.CreateRegion]{
	Base: "/regions", Nav: "regions", ID: "regionId", Title: "regions.add", Add: "regions.add", Done: "done.region-created",
	Organization: "regions.organization", Choose: "region.choose", Among: withRegions(), Shows: ofRegion,
	Fields: []forms.Field{{Name: "name", Label: "regions.name", Help: "region.name-help"}},
	May: func(ctx context.Context, db machinery.DB, who rights.Principal) error {
		has, err := frame.Works(ctx, db, who, frame.WithRegions)
		if err == nil && !has {
			err = organization.ErrNoRegions
		}
		return err
	},
}

// withRegions returns which organizations work with regions.
func withRegions() []listing.Question {
	return []listing.Question{{Fits: listing.Fits{"regions": "true"}}}
}
