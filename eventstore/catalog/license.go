package catalog

import "sleutelbos/domain/license"

func licenses() Aggregate {
	return aggregate("license", Says{NL: "Licentie", EN: "License"}, OwnIDs,
		event[license.Registered]("license.registered.v1", About{
			Says:  Says{NL: "registreerde de licentie[ {name}]", EN: "registered the license[ {name}]"},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Create,
		}),
		event[license.CompanyWideApproved]("license.company_wide_approved.v1", About{
			Says:  Says{NL: "stond toe dat de licentie bedrijfsbreed wordt", EN: "allowed the license to become company-wide"},
			Group: Access, Icon: "check", Turns: Turns("company_wide_approved", true), Public: Yes, NEN7513: Update,
		}),
		event[license.CompanyWideEnabled]("license.company_wide_enabled.v1", About{
			Says:  Says{NL: "maakte de licentie bedrijfsbreed", EN: "made the license company-wide"},
			Group: Access, Icon: "users", Turns: Turns("company_wide", true), Public: Yes, NEN7513: Update,
		}),
		event[license.CompanyWideDisabled]("license.company_wide_disabled.v1", About{
			Says:  Says{NL: "maakte dat de licentie niet meer bedrijfsbreed is", EN: "made the license no longer company-wide"},
			Group: Access, Icon: "users", Turns: Turns("company_wide", false), Public: Yes, NEN7513: Update,
		}),
		event[license.ShownInSelection]("license.shown_in_selection.v1", About{
			Says:  Says{NL: "toonde de licentie in de licentieselectie", EN: "showed the license in the license selection"},
			Group: Access, Icon: "key", Turns: Turns("shown_in_selection", true), Public: Yes, NEN7513: Update,
		}),
		event[license.HiddenFromSelection]("license.hidden_from_selection.v1", About{
			Says:  Says{NL: "verborg de licentie in de licentieselectie", EN: "hid the license from the license selection"},
			Group: Access, Icon: "key", Turns: Turns("shown_in_selection", false), Public: Yes, NEN7513: Update,
		}),
		event[license.StandardAdded]("license.standard_added.v1", About{
			Says:  Says{NL: "voegde de norm {standard} toe", EN: "added the standard {standard}"},
			Group: Details, Icon: "plus", Public: Yes, NEN7513: Update,
		}),
		event[license.StandardRemoved]("license.standard_removed.v1", About{
			Says:  Says{NL: "haalde de norm {old_standard} eruit", EN: "removed the standard {old_standard}"},
			Group: Details, Icon: "x", Public: Yes, NEN7513: Update,
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
