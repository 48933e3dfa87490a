package catalog

import "sleutelbos/domain/license"

func licenses() Aggregate {
	return aggregate("license", Says{NL: "Licentie", EN: "License"}, OwnIDs,
		event[license.Registered]("license.registered.v1", About{
			Says:  Says{NL: "registreerde de licentie[ {name}]", EN: "registered the license[ {name}]"},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Create,
		}),
		event[license.Revoked]("license.revoked.v1", About{
			Says:  Says{NL: "nam de licentie terug", EN: "took the license back"},
			Will:  Says{NL: "Het account heeft de licentie niet meer.", EN: "The account no longer has the license."},
			Group: Access, Icon: "x", Public: WithoutDecider, NEN7513: Delete,
		}),
		event[license.Granted]("license.granted.v1", About{
			Says:  Says{NL: "kende de licentie toe", EN: "granted the license"},
			Group: Access, Icon: "key", Public: WithoutDecider, NEN7513: Create,
		}),
	)
}
