package catalog

import "sleutelbos/domain/organization"

func organizations() Aggregate {
	return aggregate("organization", Says{NL: "Organisatie", EN: "Organization"}, OwnIDs,
		event[organization.Registered]("organization.registered.v1", About{
			Says:  Says{NL: "registreerde de organisatie[ {name}]", EN: "registered the organization[ {name}]"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Create,
		}),
		event[organization.DomainAllowed]("organization.domain_allowed.v1", About{
			Says:  Says{NL: "stond het domein {domain} toe", EN: "allowed the domain {domain}"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Create,
		}),
		event[organization.DomainWithdrawn]("organization.domain_withdrawn.v1", About{
			Says:  Says{NL: "trok het domein {old_domain} in", EN: "withdrew the domain {old_domain}"},
			Will:  Says{NL: "Nieuwe gebruikersnamen in dit domein worden geweigerd.", EN: "New usernames in this domain are refused."},
			Group: Details, Icon: "building", Takes: "domain", Public: Yes, NEN7513: Delete,
		}),
		event[organization.AdminAppointed]("organization.admin_appointed.v1", About{
			Says:  Says{NL: "benoemde een beheerder", EN: "appointed an administrator"},
			Will:  Says{NL: "Het account wordt beheerder van de organisatie.", EN: "The account becomes an administrator of the organization."},
			Group: Access, Icon: "building", Turns: Turns("admin", true), Public: Yes, NEN7513: Create,
		}),
		event[organization.AdminDismissed]("organization.admin_dismissed.v1", About{
			Says:  Says{NL: "ontnam iemand de beheerdersrol", EN: "took the administrator role from somebody"},
			Will:  Says{NL: "Het account is geen beheerder meer.", EN: "The account is no longer an administrator."},
			Group: Access, Icon: "building", Turns: Turns("admin", false), Public: Yes, NEN7513: Delete,
		}),
		event[organization.AdminStoodDown]("organization.admin_stood_down.v1", About{
			Says:  Says{NL: "liet een beheerder terugtreden", EN: "made an administrator stand down"},
			Will:  Says{NL: "De beheerder beheert niet zolang dit duurt.", EN: "The administrator does not act as one as long as this lasts."},
			Group: Access, Icon: "building", Turns: Turns("admin_in_service", false), Public: Yes, NEN7513: Update,
		}),
		event[organization.AdminRestored]("organization.admin_restored.v1", About{
			Says:  Says{NL: "herstelde een beheerder", EN: "restored an administrator"},
			Will:  Says{NL: "De beheerder beheert weer.", EN: "The administrator acts as one again."},
			Group: Access, Icon: "building", Turns: Turns("admin_in_service", true), Public: Yes, NEN7513: Update,
		}),
		event[organization.PasswordPolicyChanged]("organization.password_policy_changed.v1", About{
			Says:  Says{NL: "wijzigde het wachtwoordbeleid", EN: "changed the password policy"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
		event[organization.ActivationPolicyChanged]("organization.activation_policy_changed.v1", About{
			Says:  Says{NL: "wijzigde de geldigheid van activaties", EN: "changed how long activations are valid"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
		event[organization.LetterSenderChanged]("organization.letter_sender_changed.v1", About{
			Says:  Says{NL: "wijzigde de afzender van brieven", EN: "changed the sender of letters"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
		event[organization.PolicyChanged]("organization.policy_changed.v1", About{
			Says:  Says{NL: "wijzigde een regel van de organisatie", EN: "changed a rule of the organization"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
		event[organization.TimeZoneChanged]("organization.time_zone_changed.v1", About{
			Says:  Says{NL: "wijzigde de tijdzone", EN: "changed the time zone"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
		event[organization.UsernameRuleChanged]("organization.username_rule_changed.v1", About{
			Says:  Says{NL: "wijzigde de regel voor gebruikersnamen", EN: "changed the rule for usernames"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
	)
}
