package words

import (
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Field says the name of a field, as the API names it ("validUntil"); an unknown one is
// returned as it is.
func Field(l Language, name string) string {
	if said, ok := fields[l][name]; ok {
		return said
	}
	return name
}

// Label says the name of a field as it stands at the beginning of a line.
func Label(l Language, name string) string {
	said := Field(l, name)
	first, size := utf8.DecodeRuneInString(said)
	return string(unicode.ToUpper(first)) + said[size:]
}

// HasField says whether a field has a name of its own.
func HasField(l Language, name string) bool {
	_, ok := fields[l][name]
	return ok
}

// Subject says what a kind of mail is about, in the words of the mail's own subject without
// the names in it; an unknown one is returned as it is.
func Subject(l Language, template string) string {
	if said, ok := subjects[l][template]; ok {
		return said
	}
	return template
}

var subjects = map[Language]map[string]string{
	Dutch: {
		"portal_activation": "Activeer uw account", "invitation": "Uitnodiging voor een account", "registration": "Rond uw registratie af",
		"registration_again": "Een nieuwe link voor uw account", "activation_reminder": "Uw account wacht nog op u", "license_request": "Aanvraag voor de licentie", "norm_in_hidden_license": "Aanvraag voor de norm", "license_approved": "Uw aanvraag is goedgekeurd",
		"license_rejected": "Uw aanvraag is afgewezen", "license_granted": "U hebt een licentie gekregen", "license_revoked": "Uw licentie is ingetrokken", "password_changed_by_admin": "Uw wachtwoord is gewijzigd", "domain_added": "Uw domein is toegestaan",
	},
	English: {
		"portal_activation": "Activate your account", "invitation": "Invitation to an account", "registration": "Finish your registration",
		"registration_again": "A new link for your account", "activation_reminder": "Your account is still waiting for you", "license_request": "Request for the license", "norm_in_hidden_license": "Request for the standard", "license_approved": "Your request was approved",
		"license_rejected": "Your request was rejected", "license_granted": "You were given a license", "license_revoked": "Your license was taken back", "password_changed_by_admin": "Your password was changed", "domain_added": "Your domain was allowed",
	},
}

// fields are said in the texts, as field.validUntil.
var fields = table("field.")

// FieldNames returns every name of a field that has words, sorted.
func FieldNames() []string { return slices.Sorted(maps.Keys(fields[English])) }
