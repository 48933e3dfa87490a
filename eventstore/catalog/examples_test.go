package catalog

import (
	"time"

	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/pass"
	"sleutelbos/domain/person"
	"sleutelbos/domain/refusal"
	"sleutelbos/domain/region"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/domain/session"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore/audit"
)

const (
	accountID      = "0199a3f0-0000-7000-8000-0000000000a1"
	organizationID = "0199a3f0-0000-7000-8000-0000000000b1"
	licenseID      = "0199a3f0-0000-7000-8000-0000000000c1"
	requestID      = "0199a3f0-0000-7000-8000-0000000000d1"
	letterID       = "0199a3f0-0000-7000-8000-0000000000e1"
	linkID         = "0199a3f0-0000-7000-8000-0000000000f1"
	codeID         = "0199a3f0-0000-7000-8000-0000000000f2"
	passwordID     = "0199a3f0-0000-7000-8000-0000000000f3"
	apiKeyID       = "0199a3f0-0000-7000-8000-0000000000f4"
	usernameClaim  = "username-5b1c0e9a"
	olderClaim     = "username-77d0aa31"
	domainClaim    = "domain-0f3e2d1c"
	requestClaim   = "openrequest-9a8b7c6d"
	regionClaim    = "regionname-4d3c2b1a"
	olderRegion    = "regionname-1a2b3c4d"
	roleGroupID    = "0199a3f0-0000-7000-8000-0000000000e2"
	groupClaim     = "rolegroupname-5a6b7c8d"
	olderGroup     = "rolegroupname-8d7c6b5a"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 123456789, time.UTC)

// examples holds one value of every event, every member filled in.
var examples = []any{
	account.Created{
		OrganizationID: organizationID, Username: "jan@voorbeeld.nl", UsernameReservation: usernameClaim, Name: "Jan de Vries",
		Role: account.RoleUser, Channel: account.ChannelMailAndLetter, Email: "prive@voorbeeld.nl", Phone: "+31 15 269 03 91", PhoneNumber: "+31152690391",
		Country: "NL", Description: "Werkt op dinsdag", ValidUntil: "2026-12-31", EndsAt: noon, MailToAdmin: true,
	},
	account.ActivationSent{
		Channel: account.ChannelMailAndLetter, CredentialID: linkID, CodeCredentialID: codeID, LetterID: letterID, Attempt: 2, ExpiresAt: noon, OldExpiresAt: noon,
	},
	account.ActivationSuperseded{CredentialID: linkID, CodeCredentialID: codeID, OldExpiresAt: noon},
	account.ActivationExpired{CredentialID: linkID, ExpiredAt: noon},
	account.ActivationCodeRejected{TriesLeft: 4, OldTriesLeft: 5},
	account.PasswordChosen{CredentialID: passwordID},
	account.Activated{},
	account.PasswordSetByAdmin{CredentialID: passwordID, Generated: true},
	account.PasswordChangeRequired{},
	account.PasswordChanged{CredentialID: passwordID, OldPasswordChangeRequired: true},
	account.Blocked{Reason: "Vermoeden van misbruik"},
	account.Unblocked{Reason: "Misverstand opgelost"},
	account.Disabled{Reason: "Langdurig verlof"},
	account.Enabled{Reason: "Terug van verlof"},
	account.Closed{Reason: "Uit dienst gegaan"},
	account.ValiditySet{ValidUntil: "2026-12-31", EndsAt: noon, OldValidUntil: "2026-06-30", OldEndsAt: noon, OldExpired: true},
	account.ValidityCleared{OldValidUntil: "2026-12-31", OldEndsAt: noon, OldExpired: true},
	account.Expired{EndsAt: noon},
	account.UsernameChanged{
		Username: "jan@voorbeeld.nl", OldUsername: "piet@voorbeeld.nl", UsernameReservation: usernameClaim, OldUsernameReservation: olderClaim,
	},
	account.NameChanged{Name: "Jan de Vries", OldName: "Jan Vries"},
	account.NamePartsSet{
		GivenName: "Johanna", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixLast, OldGivenName: "Jantje", OldSurnamePrefix: "van de", OldSurname: "Bergen",
	},
	account.EmailChanged{Email: "nieuw@voorbeeld.nl", OldEmail: "oud@voorbeeld.nl"},
	account.PhoneChanged{Phone: "+31 15 269 03 91", PhoneNumber: "+31152690391", OldPhone: "015-2690391"},
	account.SessionsEnded{KeptSession: "0190f4c3-7d2e-7b61-b0c9-3f1a5f0c9e77"},
	account.CredentialsHandedOver{Method: account.HandoverPhone, OldMethod: account.HandoverLetter},
	account.Shielded{Reason: "Werkt bij ons"},
	account.Unshielded{Reason: "Uit dienst"},
	account.MailRedirected{},
	account.MailRedirectEnded{},
	account.NicknameSet{Nickname: "Bé", OldNickname: "Bep"},
	account.CountryChanged{Country: "BE", OldCountry: "NL"},
	account.PostalAddressChanged{
		Street: "Dendermondestraat 55 bus 12", Postcode: "2018", City: "Antwerpen", PostalCountry: "BE",
		OldStreet: "Dorpsstraat 1", OldPostcode: "8161 AB", OldCity: "Epe", OldPostalCountry: "NL",
	},
	account.DescriptionChanged{Description: "Werkt op dinsdag", OldDescription: "Werkt op maandag"},
	account.RoleAssigned{RoleGroupID: roleGroupID, RoleGroup: "Standaard"},
	account.RoleRevoked{RoleGroupID: roleGroupID, OldRoleGroup: "Standaard"},
	account.APIKeyIssued{KeyID: apiKeyID, Name: "Koppeling met de salarissen", Prefix: "slb_7Hq2"},
	account.APIKeyRevoked{KeyID: apiKeyID, OldKeyName: "Koppeling met de salarissen", OldPrefix: "slb_7Hq2"},

	organization.Registered{Name: "Voorbeeld B.V.", Preset: organization.PresetKlic, Policies: policies().Basic},
	organization.DomainAllowed{Domain: "voorbeeld.nl", Reservation: domainClaim},
	organization.DomainWithdrawn{Domain: "voorbeeld.nl", Reservation: domainClaim},
	organization.AdminAppointed{AccountID: accountID},
	organization.AdminDismissed{AccountID: accountID},
	organization.AdminStoodDown{AccountID: accountID, Because: organization.BecauseEndDate},
	organization.AdminRestored{AccountID: accountID, OldBecause: organization.BecauseStopped(account.BadgeBlocked)},
	organization.PasswordPolicyChanged{
		Password:    organization.PasswordPolicy{MinLength: 12, MinUpper: 2, MinDigits: 3},
		OldPassword: organization.PasswordPolicy{MinLength: 8, MinUpper: 1, MinDigits: 1},
	},
	organization.ActivationPolicyChanged{ActivationMonths: 2, OldActivationMonths: 1},
	organization.LetterSenderChanged{
		Sender: organization.Sender{
			Name: "Zorggroep De Linde", Department: "Klantenservice", Street: "Lindelaan 4", Postcode: "3511 AB", City: "Utrecht", PostalCountry: "NL",
			Phone: "030 271 00 00", Email: "post@delinde.example",
		},
		OldSender: organization.Sender{Name: "De Linde", Street: "Postbus 12", Postcode: "3500 AA", City: "Utrecht", PostalCountry: "NL"},
	},
	organization.PolicyChanged{Policy: "regions", Value: "true", OldValue: "false"},
	organization.TimeZoneChanged{TimeZone: "America/Curacao", OldTimeZone: "Europe/Amsterdam"},
	organization.UsernameRuleChanged{UsernameRule: organization.UsernameUnique, OldUsernameRule: organization.UsernameEmail},

	license.Registered{OrganizationID: organizationID, Name: "NEN-EN 1090", CompanyWide: true, ShownInSelection: true},
	license.Granted{AccountID: accountID, OrganizationID: organizationID, Origin: license.OriginRequest, RequestID: requestID},
	license.CompanyWideApproved{},
	license.CompanyWideEnabled{},
	license.CompanyWideDisabled{},
	license.ShownInSelection{},
	license.HiddenFromSelection{},
	license.StandardAdded{Standard: "NEN 7510"},
	license.StandardRemoved{OldStandard: "NEN 7510"},
	license.Revoked{AccountID: accountID, OrganizationID: organizationID, Because: license.BecauseTakenBack, Reason: "Niet meer nodig"},

	licenserequest.Requested{
		AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID, Standard: "NEN 7510", Reason: "Nodig voor mijn project", Reservation: requestClaim,
	},
	licenserequest.Approved{AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID},
	licenserequest.Rejected{AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID, Reason: "Jouw team heeft er al een"},
	licenserequest.Withdrawn{AccountID: accountID, OrganizationID: organizationID, LicenseID: licenseID},

	person.Registered{
		OrganizationID: organizationID, GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixLast,
		Email: "jan@voorbeeld.nl", Phone: "06 12345678", PhoneNumber: "+31612345678", BirthDate: "1985-07-30",
	},
	person.NameChanged{
		GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixLast,
		OldGivenName: "Jantje", OldSurnamePrefix: "van", OldSurname: "Dam",
	},
	person.EmailChanged{Email: "jan@voorbeeld.nl", OldEmail: "jantje@voorbeeld.nl"},
	person.PhoneChanged{Phone: "06 12345678", PhoneNumber: "+31612345678", OldPhone: "015 269 03 91"},
	person.BirthDateChanged{BirthDate: "1985-07-30", OldBirthDate: "1985-07-03"},
	person.EmploymentStarted{From: "2020-01-01", Until: "2025-12-31"},
	person.EmploymentEnded{From: "2020-01-01", Until: "2025-06-30", OldUntil: "2025-12-31", Reason: "Uit dienst"},
	person.EmploymentContinued{From: "2020-01-01", OldUntil: "2025-06-30"},
	person.EmploymentWithdrawn{OldFrom: "2020-01-01", OldUntil: "2025-06-30", Reason: "Verkeerde persoon"},
	person.ExternalContactRegistered{ExternalOrganization: "CLB Gent", Function: "Arts", OldExternalOrganization: "CLB Aalst", OldFunction: "Verpleegkundige"},
	person.ExternalContactEnded{OldExternalOrganization: "CLB Gent", OldFunction: "Arts"},
	person.VolunteerActivated{},
	person.VolunteerDeactivated{},
	person.Shielded{Reason: "Interne medewerker"},
	person.Unshielded{Reason: "Uit dienst"},
	region.Created{OrganizationID: organizationID, Name: "Delfland", Reservation: regionClaim},
	region.Renamed{Name: "Delfland en Schieland", OldName: "Delfland", Reservation: regionClaim, OldReservation: olderRegion},
	region.Archived{Reservation: regionClaim},
	region.UserAssigned{AccountID: accountID, Region: "Delfland"},
	region.UserRemoved{AccountID: accountID, OldRegion: "Delfland"},

	mailtemplate.Changed{
		OrganizationID: organizationID, Template: message.TemplatePortalActivation, Language: "nl", Subject: "Uw account voor {ORGANISATIE}", Body: "{LINK}, tot {VERLOOPDATUM}",
		OldSubject: "Activeer uw account", OldBody: "Beste {NAAM}, {LINK}, geldig tot {VERLOOPDATUM}",
	},
	mailtemplate.WasReset{
		OrganizationID: organizationID, Template: message.TemplatePortalActivation, Language: "nl", Subject: "Activeer uw account", Body: "Beste {NAAM}, {LINK}, geldig tot {VERLOOPDATUM}",
		OldSubject: "Uw account voor {ORGANISATIE}", OldBody: "{LINK}, tot {VERLOOPDATUM}",
	},
	rolegroup.Created{OrganizationID: organizationID, Name: "Standaard", Reservation: groupClaim},
	rolegroup.Renamed{Name: "Standaard", OldName: "Basis", Reservation: groupClaim, OldReservation: olderGroup},
	rolegroup.Archived{Reservation: groupClaim},
	rolegroup.PermissionGranted{Permission: rolegroup.DocumentenLezen},
	rolegroup.PermissionWithdrawn{Permission: rolegroup.DocumentenLezen},
	rolegroup.PermissionDescribed{Permission: rolegroup.Shop, Description: "Bestellen in onze winkel", OldDescription: "De winkel"},

	letter.Created{
		AccountID: accountID, OrganizationID: organizationID, Kind: letter.KindActivationCode,
		Subject: "Activatiegegevens van ons klantenportaal", Recipient: "Jan de Vries", CredentialID: codeID,
	},
	letter.Opened{AccountID: accountID},
	letter.Printed{AccountID: accountID},
	letter.Sent{AccountID: accountID},
	letter.Invalidated{AccountID: accountID, Because: letter.BecauseSuperseded},

	message.Queued{
		AccountID: accountID, OrganizationID: organizationID, Template: "registration_again", Recipient: "jan@voorbeeld.nl",
		Language: "nl", CredentialID: linkID, ToAdmin: true, Variables: map[string]string{"deadline": "2026-04-02", "attempt": "2"}, TemplateVersion: 3,
	},
	message.Opened{AccountID: accountID},
	message.Sent{AccountID: accountID, Attempt: 2},
	message.Failed{AccountID: accountID, Attempt: 1, Error: "connection-refused"},
	message.GivenUp{AccountID: accountID, Attempts: 8},
	message.Requeued{AccountID: accountID, OldAttempts: 8},

	reservation.Claimed{Holder: accountID, Kind: reservation.KindUsername},
	reservation.Released{Holder: accountID},

	session.Started{AccountID: accountID, Method: session.MethodPassword},
	session.Ended{AccountID: accountID, Because: session.BecauseSignedOut},
	session.Expired{AccountID: accountID},

	refusal.Recorded{
		Command: "BlockAccount", Code: "last-admin", OrganizationID: organizationID, AccountID: accountID, Stream: "account-" + accountID, DryRun: true,
	},
	refusal.PassedOver{
		Part: "messages", Code: "recipient-invalid", EventType: "account.activation_sent.v1", Revision: 3,
		OrganizationID: "0190f4c3-7d2e-7b61-b0c9-3f1a5f0c9e11", AccountID: "0190f4c3-7d2e-7b61-b0c9-3f1a5f0c9e12", Stream: "account-0190f4c3-7d2e-7b61-b0c9-3f1a5f0c9e12",
	},
	refusal.Summed{Command: "SignIn", Code: "credentials-wrong", Count: 17, Minute: noon.Truncate(time.Minute), AccountID: accountID},
	pass.Recorded{
		EventID: "0199a3f0-0000-7000-8000-000000000101", EventType: "account.merged.v1", EventStream: "account-" + accountID, Revision: 7, Position: "4211",
		Hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", AccountID: accountID,
	},
	audit.Sealed{Size: 12, Position: "14", Root: "3q2+7w==", Streams: 3, Note: "sleutelbos\n12\n3q2+7w==\n"},
}

// policies are the preset's, every member set.
func policies() organization.Policies {
	p, _ := organization.PresetKlic.Policies() // it is a preset
	p.Licenses, p.SelfRegistration = true, true
	return p
}
