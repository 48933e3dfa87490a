package catalog

import "sleutelbos/domain/region"

func regions() Aggregate {
	return aggregate("region", Says{NL: "Regio", EN: "Region"}, OwnIDs,
		event[region.Created]("region.created.v1", About{
			Says:  Says{NL: "maakte de regio[ {name}]", EN: "created the region[ {name}]"},
			Group: Details, Icon: "map", Public: Yes, NEN7513: Create,
		}),
		event[region.Renamed]("region.renamed.v1", About{
			Says:  Says{NL: "hernoemde de regio[ {old_name}][ tot {name}]", EN: "renamed the region[ {old_name}][ to {name}]"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[region.Archived]("region.archived.v1", About{
			Says:  Says{NL: "archiveerde de regio", EN: "archived the region"},
			Group: Details, Icon: "map", Turns: Turns("archived", true), Public: Yes, NEN7513: Delete,
		}),
		event[region.UserAssigned]("region.user_assigned.v1", About{
			Says:  Says{NL: "wees de gebruiker toe aan de regio[ {region}]", EN: "assigned the user to the region[ {region}]"},
			Group: Access, Icon: "users", Public: Yes, NEN7513: Create,
		}),
		event[region.UserRemoved]("region.user_removed.v1", About{
			Says:  Says{NL: "haalde de gebruiker uit de regio[ {old_region}]", EN: "removed the user from the region[ {old_region}]"},
			Group: Access, Icon: "users", Public: Yes, NEN7513: Delete,
		}),
	)
}
