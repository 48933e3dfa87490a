package words

import (
	"maps"
	"slices"
	"strings"
)

// Deed returns what a command does, as somebody wanted to do it ("block the account"). Looking
// is said with the name of what was looked at; an unknown command is returned as it is.
func Deed(l Language, command string) string {
	if said, ok := deeds[l][command]; ok {
		return said
	}
	for _, verb := range []string{"Compare", "Follow", "Get", "List", "Replay", "Search", "Show"} {
		if strings.HasPrefix(command, verb) {
			return looking[l] + " (" + command + ")"
		}
	}
	return command
}

// Deeds returns the name of every command that has words, sorted.
func Deeds() []string { return slices.Sorted(maps.Keys(deeds[English])) }

var looking = map[Language]string{Dutch: "iets inzien", English: "look at something"}

var deeds = map[Language]map[string]string{
	Dutch: {
		"RegisterOrganization": "een organisatie registreren", "AllowDomain": "een domein toestaan", "WithdrawDomain": "een domein intrekken",
		"AppointAdmin": "een beheerder benoemen", "DismissAdmin": "een beheerder ontslaan", "SetPasswordPolicy": "het wachtwoordbeleid wijzigen",
		"SetActivationPolicy": "de geldigheid van activaties wijzigen", "SetUsernameRule": "de regel voor gebruikersnamen wijzigen",
		"CreateAccount": "een account aanmaken", "BlockAccount": "het account blokkeren", "UnblockAccount": "het account deblokkeren",
		"DisableAccount": "het account uitschakelen", "EnableAccount": "het account inschakelen", "CloseAccount": "het account sluiten",
		"SetValidUntil": "het account een einddatum geven", "ClearValidUntil": "de einddatum van het account wegnemen",
		"ChangeUsername": "de gebruikersnaam wijzigen", "ChangeDetails": "de gegevens wijzigen",
		"IssueApiKey": "een API-sleutel uitgeven", "RevokeApiKey": "een API-sleutel intrekken",
		"SendActivation": "de activatie versturen", "ActivateAccount": "een account activeren", "RequestNewActivation": "een nieuwe activatie aanvragen",
		"SetPassword": "een wachtwoord instellen", "ChangePassword": "het eigen wachtwoord wijzigen", "SetupFirstAdmin": "de eerste beheerder inrichten",
		"RegisterLicense": "een licentie registreren", "RequestLicense": "een licentie aanvragen", "ApproveLicense": "een aanvraag goedkeuren",
		"RejectLicense": "een aanvraag afwijzen", "WithdrawLicenseRequest": "een aanvraag intrekken",
		"MarkLetterPrinted": "een brief als afgedrukt aanmerken", "MarkLetterSent": "een brief als verstuurd aanmerken", "OpenLetter": "een brief openen",
		"SignIn": "zich aanmelden", "SignOut": "zich afmelden", "RebuildProjection": "een leesmodel opnieuw opbouwen", "VerifyLog": "het log controleren",
	},
	English: {
		"RegisterOrganization": "register an organization", "AllowDomain": "allow a domain", "WithdrawDomain": "withdraw a domain",
		"AppointAdmin": "appoint an administrator", "DismissAdmin": "dismiss an administrator", "SetPasswordPolicy": "change the password policy",
		"SetActivationPolicy": "change how long activations are valid", "SetUsernameRule": "change the rule for usernames",
		"CreateAccount": "create an account", "BlockAccount": "block the account", "UnblockAccount": "unblock the account",
		"DisableAccount": "disable the account", "EnableAccount": "enable the account", "CloseAccount": "close the account",
		"SetValidUntil": "give the account an end date", "ClearValidUntil": "take the account's end date away",
		"ChangeUsername": "change the username", "ChangeDetails": "change the details",
		"IssueApiKey": "issue an API key", "RevokeApiKey": "revoke an API key",
		"SendActivation": "send the activation", "ActivateAccount": "activate an account", "RequestNewActivation": "ask for a new activation",
		"SetPassword": "set a password", "ChangePassword": "change the own password", "SetupFirstAdmin": "set up the first administrator",
		"RegisterLicense": "register a license", "RequestLicense": "request a license", "ApproveLicense": "approve a request",
		"RejectLicense": "reject a request", "WithdrawLicenseRequest": "withdraw a request",
		"MarkLetterPrinted": "mark a letter as printed", "MarkLetterSent": "mark a letter as posted", "OpenLetter": "open a letter",
		"SignIn": "sign in", "SignOut": "sign out", "RebuildProjection": "rebuild a read model", "VerifyLog": "check the log",
	},
}
