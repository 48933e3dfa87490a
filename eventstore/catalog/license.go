package catalog

import "sleutelbos/domain/license"

func licenses() Aggregate {
	return aggregate("license", Says{NL: "Licentie", EN: "License"}, OwnIDs,
		event[license.Registered]("license.registered.v1", About{
			Says:  Says{NL: "registreerde de licentie[ {name}]", EN: "registered the license[ {name}]"},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Create,
		}),
		event[license.Granted]("license.granted.v1", About{
			Says:  Says{NL: "kende de licentie toe", EN: "granted the license"},
			Group: Access, Icon: "key", Public: WithoutDecider, NEN7513: Create,
		}),
	)
}
