package catalog

import "sleutelbos/domain/person"

func persons() Aggregate {
	return aggregate("person", Says{NL: "Persoon", EN: "Person"}, OwnIDs,
		event[person.Registered]("person.registered.v1", About{
			Says:  Says{NL: "legde de persoon vast", EN: "registered the person"},
			Group: Details, Icon: "plus", Public: Yes, NEN7513: Create,
		}),
		event[person.NameChanged]("person.name_changed.v1", About{
			Says:  Says{NL: "wijzigde de naam van de persoon", EN: "changed the person's name"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[person.EmailChanged]("person.email_changed.v1", About{
			Says:  Says{NL: "wijzigde het e-mailadres van de persoon", EN: "changed the person's mail address"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[person.PhoneChanged]("person.phone_changed.v1", About{
			Says:  Says{NL: "wijzigde het telefoonnummer van de persoon", EN: "changed the person's phone number"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[person.BirthDateChanged]("person.birth_date_changed.v1", About{
			Says:  Says{NL: "wijzigde de geboortedatum", EN: "changed the date of birth"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[person.EmploymentStarted]("person.employment_started.v1", About{
			Says:  Says{NL: "legde vast dat de persoon in dienst is vanaf {from}[ tot en met {until}]", EN: "recorded that the person is employed from {from}[ through {until}]"},
			Group: Details, Icon: "clock", Public: Yes, NEN7513: Create,
		}),
		event[person.EmploymentEnded]("person.employment_ended.v1", About{
			Says:  Says{NL: "legde {until} vast als de laatste dag van het dienstverband", EN: "recorded {until} as the last day of the employment"},
			Group: Details, Icon: "clock", Repeats: []string{"from"}, Public: Yes, NEN7513: Update,
		}),
		event[person.EmploymentContinued]("person.employment_continued.v1", About{
			Says:  Says{NL: "nam de laatste dag van het dienstverband weg", EN: "took the last day of the employment away"},
			Will:  Says{NL: "Het dienstverband loopt door.", EN: "The employment goes on."},
			Group: Details, Icon: "undo", Repeats: []string{"from"}, Public: Yes, NEN7513: Update,
		}),
		event[person.EmploymentWithdrawn]("person.employment_withdrawn.v1", About{
			Says:  Says{NL: "trok het dienstverband vanaf {old_from} in[, dat tot en met {old_until} liep]", EN: "withdrew the employment from {old_from}[, which was through {old_until}]"},
			Group: Details, Icon: "undo", Public: Yes, NEN7513: Delete,
		}),
		event[person.ExternalContactRegistered]("person.external_contact_registered.v1", About{
			Says:  Says{NL: "legde de persoon vast als contactpersoon[ van {external_organization}]", EN: "registered the person as a contact[ of {external_organization}]"},
			Group: Details, Icon: "building", Public: Yes, NEN7513: Update,
		}),
		event[person.ExternalContactEnded]("person.external_contact_ended.v1", About{
			Says:  Says{NL: "legde vast dat de persoon geen contactpersoon meer is[ van {old_external_organization}]", EN: "recorded that the person is no longer a contact[ of {old_external_organization}]"},
			Group: Details, Icon: "undo", Public: Yes, NEN7513: Update,
		}),
		event[person.VolunteerActivated]("person.volunteer_activated.v1", About{
			Says:  Says{NL: "maakte de persoon actief als vrijwilliger", EN: "made the person an active volunteer"},
			Group: Details, Icon: "check", Turns: Turns("volunteer", true), Public: Yes, NEN7513: Update,
		}),
		event[person.VolunteerDeactivated]("person.volunteer_deactivated.v1", About{
			Says:  Says{NL: "legde vast dat de persoon geen actieve vrijwilliger meer is", EN: "recorded that the person is no longer an active volunteer"},
			Group: Details, Icon: "undo", Turns: Turns("volunteer", false), Public: Yes, NEN7513: Update,
		}),
		event[person.Shielded]("person.shielded.v1", About{
			Says:  Says{NL: "schermde de persoon af", EN: "shielded the person"},
			Will:  Says{NL: "Wie geen beheerder is, ziet van de persoon alleen de naam.", EN: "Whoever is no administrator sees nothing but the person's name."},
			Group: Access, Icon: "shield", Turns: Turns("internal_employee", true), Public: Yes, NEN7513: Update,
		}),
		event[person.Unshielded]("person.unshielded.v1", About{
			Says:  Says{NL: "hief de afscherming van de persoon op", EN: "lifted the shield of the person"},
			Will:  Says{NL: "Wie de persoon ziet, ziet ook de gegevens weer.", EN: "Whoever sees the person sees the data again."},
			Group: Access, Icon: "undo", Turns: Turns("internal_employee", false), Public: Yes, NEN7513: Update,
		}),
	)
}
