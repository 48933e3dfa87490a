package catalog

import "sleutelbos/domain/rolegroup"

func roleGroups() Aggregate {
	return aggregate("rolegroup", Says{NL: "Rolgroep", EN: "Role group"}, OwnIDs,
		event[rolegroup.Created]("rolegroup.created.v1", About{
			Says:  Says{NL: "maakte de rolgroep[ {name}]", EN: "created the role group[ {name}]"},
			Group: Details, Icon: "key", Public: Yes, NEN7513: Create,
		}),
		event[rolegroup.Renamed]("rolegroup.renamed.v1", About{
			Says:  Says{NL: "hernoemde de rolgroep[ {old_name}][ tot {name}]", EN: "renamed the role group[ {old_name}][ to {name}]"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[rolegroup.Archived]("rolegroup.archived.v1", About{
			Says:  Says{NL: "archiveerde de rolgroep", EN: "archived the role group"},
			Group: Details, Icon: "key", Turns: Turns("archived", true), Public: Yes, NEN7513: Delete,
		}),
		event[rolegroup.PermissionGranted]("rolegroup.permission_granted.v1", About{
			Says:  Says{NL: "gaf de rolgroep het recht {permission}", EN: "gave the role group the permission {permission}"},
			Group: Access, Icon: "check", Public: Yes, NEN7513: Create,
		}),
		event[rolegroup.PermissionWithdrawn]("rolegroup.permission_withdrawn.v1", About{
			Says:  Says{NL: "nam de rolgroep het recht {old_permission} af", EN: "took the permission {old_permission} from the role group"},
			Group: Access, Icon: "x", Takes: "permission", Public: Yes, NEN7513: Delete,
		}),
		event[rolegroup.PermissionDescribed]("rolegroup.permission_described.v1", About{
			Says:  Says{NL: "beschreef het recht {permission}", EN: "described the permission {permission}"},
			Group: Details, Icon: "edit", Repeats: []string{"permission"}, Public: Yes, NEN7513: Update,
		}),
	)
}
