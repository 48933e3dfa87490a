package catalog

import "sleutelbos/domain/account"

func accounts() Aggregate {
	return aggregate("account", Says{NL: "Account", EN: "Account"}, OwnIDs,
		event[account.Created]("account.created.v1", About{
			Says:  Says{NL: "maakte het account aan[ met de rol {role}]", EN: "created the account[ with the role {role}]"},
			Group: Access, Icon: "plus", Public: Yes, NEN7513: Create,
		}),
		event[account.ActivationSent]("account.activation_sent.v1", About{
			Says:  Says{NL: "verstuurde de activatie[ (keer {attempt})]", EN: "sent the activation[ (time {attempt})]"},
			Will:  Says{NL: "Er gaat meteen een mail met een nieuwe link uit.", EN: "A mail with a new link goes out at once."},
			Group: Security, Icon: "send", Public: Yes, NEN7513: Execute,
		}),
		event[account.ActivationSuperseded]("account.activation_superseded.v1", About{
			Says:  Says{NL: "verving de vorige activatie", EN: "replaced the earlier activation"},
			Will:  Says{NL: "De vorige link werkt niet meer.", EN: "The earlier link stops working."},
			Group: Security, Icon: "lock", Public: Yes, NEN7513: Update,
		}),
		event[account.ActivationExpired]("account.activation_expired.v1", About{
			Says:  Says{NL: "liet de activatie verlopen", EN: "let the activation expire"},
			Group: Security, Icon: "lock", Public: Yes, NEN7513: Update,
		}),
		event[account.ActivationCodeRejected]("account.activation_code_rejected.v1", About{
			Says:  Says{NL: "voerde een verkeerde code in[; pogingen over: {tries_left}]", EN: "entered a wrong code[; tries left: {tries_left}]"},
			Group: Security, Icon: "lock", Public: Yes, NEN7513: Execute,
		}),
		event[account.PasswordChosen]("account.password_chosen.v1", About{
			Says:  Says{NL: "koos het eerste wachtwoord", EN: "chose the first password"},
			Group: Security, Icon: "lock", Turns: Nothing(), Public: Yes, NEN7513: Update,
		}),
		event[account.Activated]("account.activated.v1", About{
			Says:  Says{NL: "activeerde het account", EN: "activated the account"},
			Group: Security, Icon: "check", Turns: Turns("activated", true), Public: Yes, NEN7513: Update,
		}),
		event[account.PasswordSetByAdmin]("account.password_set_by_admin.v1", About{
			Says:  Says{NL: "stelde een wachtwoord in", EN: "set a password"},
			Group: Security, Icon: "lock", Public: Yes, NEN7513: Update,
		}),
		event[account.CredentialsHandedOver]("account.credentials_handed_over.v1", About{
			Says:  Says{NL: "gaf gebruikersnaam en wachtwoord door ({method})", EN: "handed over the username and password ({method})"},
			Will:  Says{NL: "In de historie komt te staan dat de gebruiker de aanmeldgegevens heeft.", EN: "The history will say that the user has the credentials."},
			Group: Security, Icon: "check", Public: Yes, NEN7513: Execute,
		}),
		event[account.SessionsEnded]("account.sessions_ended.v1", About{
			Says:  Says{NL: "meldde zich overal elders af", EN: "signed out everywhere else"},
			Group: Security, Icon: "out", Turns: Nothing(), Public: Yes, NEN7513: Execute,
		}),
		event[account.PasswordChangeRequired]("account.password_change_required.v1", About{
			Says:  Says{NL: "verlangde dat er een nieuw wachtwoord wordt gekozen", EN: "required that a new password be chosen"},
			Group: Security, Icon: "lock", Turns: Turns("password_change_required", true), Public: Yes, NEN7513: Update,
		}),
		event[account.PasswordChanged]("account.password_changed.v1", About{
			Says:  Says{NL: "koos een ander wachtwoord", EN: "chose another password"},
			Group: Security, Icon: "lock", Public: Yes, NEN7513: Update,
		}),
		event[account.Blocked]("account.blocked.v1", About{
			Says:  Says{NL: "blokkeerde het account", EN: "blocked the account"},
			Will:  Says{NL: "Het account wordt geblokkeerd en kan zich niet meer aanmelden.", EN: "The account is blocked and can no longer sign in."},
			Group: Access, Icon: "block", Turns: Turns("blocked", true), Public: Yes, NEN7513: Update,
		}),
		event[account.Unblocked]("account.unblocked.v1", About{
			Says:  Says{NL: "deblokkeerde het account", EN: "unblocked the account"},
			Will:  Says{NL: "De blokkade wordt opgeheven.", EN: "The block is lifted."},
			Group: Access, Icon: "undo", Turns: Turns("blocked", false), Public: Yes, NEN7513: Update,
		}),
		event[account.Disabled]("account.disabled.v1", About{
			Says:  Says{NL: "schakelde het account uit", EN: "disabled the account"},
			Will:  Says{NL: "Het account wordt uitgeschakeld en kan zich niet meer aanmelden.", EN: "The account is disabled and can no longer sign in."},
			Group: Access, Icon: "power", Turns: Turns("enabled", false), Public: Yes, NEN7513: Update,
		}),
		event[account.Enabled]("account.enabled.v1", About{
			Says:  Says{NL: "schakelde het account in", EN: "enabled the account"},
			Will:  Says{NL: "Het account wordt ingeschakeld.", EN: "The account is enabled."},
			Group: Access, Icon: "power", Turns: Turns("enabled", true), Public: Yes, NEN7513: Update,
		}),
		event[account.Shielded]("account.shielded.v1", About{
			Says:  Says{NL: "schermde het account af als dat van een interne medewerker", EN: "shielded the account as an internal employee's"},
			Will:  Says{NL: "Wie geen beheerder is, ziet de contactgegevens niet meer.", EN: "Whoever is no administrator no longer sees the contact data."},
			Group: Access, Icon: "shield", Turns: Turns("internal_employee", true), Public: Yes, NEN7513: Update,
		}),
		event[account.Unshielded]("account.unshielded.v1", About{
			Says:  Says{NL: "hief de afscherming van het account op", EN: "lifted the shield of the account"},
			Will:  Says{NL: "Wie het account ziet, ziet ook de contactgegevens weer.", EN: "Whoever sees the account sees the contact data again."},
			Group: Access, Icon: "undo", Turns: Turns("internal_employee", false), Public: Yes, NEN7513: Update,
		}),
		event[account.MailRedirected]("account.mail_redirected.v1", About{
			Says:  Says{NL: "stuurt e-mails voor de gebruiker naar de beheerder", EN: "lets the administrators get the mail for the holder"},
			Will:  Says{NL: "E-mails voor de gebruiker gaan voortaan naar de beheerders.", EN: "From now on the administrators get the mail for the user."},
			Group: Details, Icon: "mail", Turns: Turns("mail_to_admin", true), Public: Yes, NEN7513: Update,
		}),
		event[account.MailRedirectEnded]("account.mail_redirect_ended.v1", About{
			Says:  Says{NL: "stuurt e-mails weer naar de gebruiker zelf", EN: "lets the holder get the mail again"},
			Will:  Says{NL: "E-mails gaan weer naar de gebruiker zelf.", EN: "The user gets the mail again."},
			Group: Details, Icon: "undo", Turns: Turns("mail_to_admin", false), Public: Yes, NEN7513: Update,
		}),
		event[account.Closed]("account.closed.v1", About{
			Says:  Says{NL: "sloot het account", EN: "closed the account"},
			Will:  Says{NL: "Het account wordt voorgoed gesloten. De historie blijft.", EN: "The account is closed for good. Its history stays."},
			Group: Access, Icon: "x", Turns: Turns("closed", true), Public: Yes, NEN7513: Delete,
		}),
		before("account.validity_set.v1", validitySetFromV1),
		event[account.ValiditySet]("account.validity_set.v2", About{
			Says:  Says{NL: "maakte het account geldig tot en met {valid_until}", EN: "made the account valid through {valid_until}"},
			Group: Access, Icon: "clock", Public: Yes, NEN7513: Update,
		}),
		event[account.ValidityCleared]("account.validity_cleared.v1", About{
			Says:  Says{NL: "nam de einddatum van het account weg", EN: "took the account's end date away"},
			Will:  Says{NL: "De einddatum vervalt.", EN: "The end date is taken away."},
			Group: Access, Icon: "clock", Public: Yes, NEN7513: Update,
		}),
		event[account.Expired]("account.expired.v1", About{
			Says:  Says{NL: "legde vast dat de einddatum van het account voorbij is", EN: "recorded that the account's end date has passed"},
			Group: Access, Icon: "clock", Repeats: []string{"ends_at"}, Turns: Turns("expired", true), Public: Yes, NEN7513: Update,
		}),
		event[account.UsernameChanged]("account.username_changed.v1", About{
			Says:  Says{NL: "wijzigde de gebruikersnaam", EN: "changed the username"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.NameChanged]("account.name_changed.v1", About{
			Says:  Says{NL: "wijzigde de naam", EN: "changed the name"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.NamePartsSet]("account.name_parts_set.v1", About{
			Says:  Says{NL: "legde voornaam, tussenvoegsel en achternaam vast", EN: "recorded given name, prefix and surname"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.NicknameSet]("account.nickname_set.v1", About{
			Says:  Says{NL: "wijzigde de roepnaam", EN: "changed the nickname"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.EmailChanged]("account.email_changed.v1", About{
			Says:  Says{NL: "wijzigde het mailadres", EN: "changed the mail address"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.PhoneChanged]("account.phone_changed.v1", About{
			Says:  Says{NL: "wijzigde het telefoonnummer", EN: "changed the phone number"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.CountryChanged]("account.country_changed.v1", About{
			Says:  Says{NL: "wijzigde het land", EN: "changed the country"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.DescriptionChanged]("account.description_changed.v1", About{
			Says:  Says{NL: "wijzigde de omschrijving", EN: "changed the description"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.RoleAssigned]("account.role_assigned.v1", About{
			Says:  Says{NL: "gaf het account de rol {role_group}", EN: "gave the account the role {role_group}"},
			Will:  Says{NL: "Het account krijgt wat de rol toestaat.", EN: "The account gets what the role permits."},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Create,
		}),
		event[account.RoleRevoked]("account.role_revoked.v1", About{
			Says:  Says{NL: "nam het account de rol {old_role_group} af", EN: "took the role {old_role_group} from the account"},
			Will:  Says{NL: "Het account verliest zijn rollen en wat alleen die toestaan.", EN: "The account loses its roles and what only they permit."},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Delete,
		}),
		event[account.PostalAddressChanged]("account.postal_address_changed.v1", About{
			Says:  Says{NL: "wijzigde het postadres", EN: "changed the postal address"},
			Group: Details, Icon: "edit", Public: Yes, NEN7513: Update,
		}),
		event[account.APIKeyIssued]("account.api_key_issued.v1", About{
			Says:  Says{NL: "gaf een API-sleutel uit[: {name}]", EN: "issued an API key[: {name}]"},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Create,
		}),
		event[account.APIKeyRevoked]("account.api_key_revoked.v1", About{
			Says:  Says{NL: "trok een API-sleutel in[: {old_name}]", EN: "revoked an API key[: {old_name}]"},
			Group: Access, Icon: "key", Public: Yes, NEN7513: Delete,
		}),
	)
}
