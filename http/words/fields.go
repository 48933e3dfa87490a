package words

import (
	"maps"
	"slices"
)

// Field says the name of a field, as the API names it ("validUntil"); an unknown one is
// answered as it is.
func Field(l Language, name string) string {
	if said, ok := fields[l][name]; ok {
		return said
	}
	return name
}

// HasField says whether a field has a name of its own.
func HasField(l Language, name string) bool {
	_, ok := fields[l][name]
	return ok
}

// Subject says what a kind of mail is about, in the words of the mail's own subject without
// the names in it; an unknown one is answered as it is.
func Subject(l Language, template string) string {
	if said, ok := subjects[l][template]; ok {
		return said
	}
	return template
}

var subjects = map[Language]map[string]string{
	Dutch: {
		"portal_activation": "Activeer uw account", "invitation": "Uitnodiging voor een account", "registration": "Rond uw registratie af",
		"registration_again": "Een nieuwe link voor uw account", "license_request": "Aanvraag voor de licentie", "license_approved": "Uw aanvraag is goedgekeurd",
		"license_rejected": "Uw aanvraag is afgewezen", "password_changed_by_admin": "Uw wachtwoord is gewijzigd", "domain_added": "Uw domein is toegestaan",
	},
	English: {
		"portal_activation": "Activate your account", "invitation": "Invitation to an account", "registration": "Finish your registration",
		"registration_again": "A new link for your account", "license_request": "Request for the license", "license_approved": "Your request was approved",
		"license_rejected": "Your request was rejected", "password_changed_by_admin": "Your password was changed", "domain_added": "Your domain was allowed",
	},
}

var fields = map[Language]map[string]string{
	Dutch: {
		"username": "gebruikersnaam", "name": "naam", "role": "rol", "email": "mailadres", "phone": "telefoon", "country": "land", "description": "omschrijving",
		"organizationId": "organisatie", "organizationName": "organisatie", "validUntil": "geldig tot en met", "endsAt": "einde", "enabled": "ingeschakeld", "blocked": "geblokkeerd",
		"blockedReason": "reden van blokkade", "closed": "gesloten", "expired": "verlopen", "activation": "activatie", "activationChannel": "activatiekanaal", "channel": "kanaal",
		"activationSentAt": "activatie verstuurd", "activationSentCount": "aantal keer verstuurd", "activationExpiresAt": "activatie geldig tot", "activatedAt": "geactiveerd",
		"expiresAt": "geldig tot", "attempt": "poging", "triesLeft": "pogingen over", "mailToAdmin": "mail naar beheerder", "licenses": "licenties", "licenseId": "licentie",
		"accountId": "account", "requestId": "aanvraag", "letterId": "brief", "status": "status", "reason": "reden", "domain": "domein", "domains": "domeinen", "preset": "profiel",
		"usernameRule": "regel voor gebruikersnamen", "activationMonths": "geldigheid van activaties (maanden)", "password": "wachtwoord", "passwordChangeRequired": "nieuw wachtwoord nodig",
		"minLength": "minste aantal tekens", "minUpper": "minste aantal hoofdletters", "minDigits": "minste aantal cijfers", "companyWide": "bedrijfsbreed",
		"shownInSelection": "in licentieselectie", "origin": "herkomst", "kind": "soort", "subject": "onderwerp", "recipient": "ontvanger", "template": "sjabloon", "error": "fout",
		"canLogIn": "kan inloggen", "locked": "vergrendeld", "badge": "status", "keyId": "sleutel", "prefix": "begin van de sleutel", "because": "oorzaak", "generated": "gegenereerd",
		"createdAt": "aangemaakt", "changedAt": "gewijzigd", "revision": "stap", "apiKeys": "API-sleutels",
		"activated": "geactiveerd", "currentPassword": "huidig wachtwoord", "admin": "beheerder", "adminInService": "beheerder in dienst", "passwordSetAt": "wachtwoord ingesteld",
		"codeTriesLeft": "pogingen over met de code", "attempts": "pogingen", "command": "opdracht", "code": "regel",
		"count": "aantal", "minute": "minuut", "method": "manier", "toAdmin": "naar de beheerder",
		"language": "taal", "expiredAt": "verlopen op", "firstChannels": "eerste kanalen", "selfRegistration": "zelf registreren",
		"lastAdminProtected": "laatste beheerder beschermd", "timeZone": "tijdzone", "size": "gebeurtenissen", "position": "positie",
		"root": "wortel", "note": "verzegeling", "streams": "reeksen",
	},
	English: {
		"username": "username", "name": "name", "role": "role", "email": "mail address", "phone": "phone", "country": "country", "description": "description",
		"organizationId": "organization", "organizationName": "organization", "validUntil": "valid until", "endsAt": "end", "enabled": "enabled", "blocked": "blocked",
		"blockedReason": "reason of the block", "closed": "closed", "expired": "expired", "activation": "activation", "activationChannel": "activation channel", "channel": "channel",
		"activationSentAt": "activation sent", "activationSentCount": "times sent", "activationExpiresAt": "activation valid until", "activatedAt": "activated",
		"expiresAt": "valid until", "attempt": "attempt", "triesLeft": "tries left", "mailToAdmin": "mail to administrator", "licenses": "licenses", "licenseId": "license",
		"accountId": "account", "requestId": "request", "letterId": "letter", "status": "status", "reason": "reason", "domain": "domain", "domains": "domains", "preset": "preset",
		"usernameRule": "rule for usernames", "activationMonths": "validity of activations (months)", "password": "password", "passwordChangeRequired": "new password due",
		"minLength": "least characters", "minUpper": "least capitals", "minDigits": "least digits", "companyWide": "company-wide",
		"shownInSelection": "in license selection", "origin": "origin", "kind": "kind", "subject": "subject", "recipient": "recipient", "template": "template", "error": "error",
		"canLogIn": "can sign in", "locked": "locked", "badge": "status", "keyId": "key", "prefix": "beginning of the key", "because": "cause", "generated": "generated",
		"createdAt": "created", "changedAt": "changed", "revision": "step", "apiKeys": "API keys",
		"activated": "activated", "currentPassword": "current password", "admin": "administrator", "adminInService": "administrator in service", "passwordSetAt": "password set",
		"codeTriesLeft": "tries left with the code", "attempts": "attempts", "command": "command", "code": "rule",
		"count": "number", "minute": "minute", "method": "method", "toAdmin": "to the administrator",
		"language": "language", "expiredAt": "expired at", "firstChannels": "first channels", "selfRegistration": "self-registration",
		"lastAdminProtected": "last administrator protected", "timeZone": "time zone", "size": "events", "position": "position",
		"root": "root", "note": "seal", "streams": "streams",
	},
}

// FieldNames returns every name of a field that has words, sorted.
func FieldNames() []string { return slices.Sorted(maps.Keys(fields[English])) }
