package account

import "sleutelbos/domain"

// Refusals that a state or a role brings. Texts and ids that are not acceptable are
// refused by field, see domain.Text and domain.Identifier.
var (
	ErrNotFound = domain.NotFound("account-not-found", "There is no such account.")
	ErrExists   = domain.Rule("account-exists", "There is another account with this id.")
	ErrProgram  = domain.Rule("service-account-password", "A program has API keys. It signs in with no password.")
	ErrExpired  = domain.Rule("account-expired", "The account was valid until a day that has passed.")

	ErrNotActivated            = domain.Rule("account-not-activated", "The account has not been activated yet.")
	ErrAlreadyActivated        = domain.Rule("already-activated", "The account has been activated already.")
	ErrActivationNotApplicable = domain.Rule("activation-not-applicable", "This account is not activated by a link.")
	ErrActivationNotSent       = domain.Rule("activation-not-sent", "No activation has been sent yet.")
	ErrActivationPending       = domain.Rule("activation-pending", "The account waits for its activation.")
	ErrActivationSuperseded    = domain.Rule("activation-superseded", "A newer activation replaced this one.")
	ErrActivationExpired       = domain.Rule("activation-expired", "The activation has expired. Ask for a new one.")
	ErrCodeWrong               = domain.InvalidCode("code", "activation-code-wrong", "The code from the letter is not right.")
	ErrCodeVoid                = domain.Rule("activation-code-void", "The code was tried too often. Ask for a new activation.")

	ErrRoleUnknown           = domain.InvalidCode("role", "role-invalid", "This is not a role.")
	ErrChannelUnknown        = domain.InvalidCode("channel", "channel-invalid", "This is not a channel for this account.")
	ErrEmailRequired         = domain.InvalidCode("email", "email-required", "The activation needs a mail address.")
	ErrEmailInvalid          = domain.InvalidCode("email", "email-invalid", "This is not a mail address.")
	ErrCountryInvalid        = domain.InvalidCode("country", "country-invalid", "Choose a country from the list (in the API: its two letters of ISO 3166, or XK).")
	ErrValidUntilInvalid     = domain.InvalidCode("valid_until", "valid-until-invalid", "This is not a date (yyyy-mm-dd).")
	ErrValidUntilPast        = domain.InvalidCode("valid_until", "valid-until-past", "This day has passed.")
	ErrPasswordRequired      = domain.InvalidCode("password", "password-required", "The account needs a password.")
	ErrPasswordNotAllowed    = domain.InvalidCode("password", "password-not-allowed", "With a mailed link the holder chooses the password.")
	ErrPasswordNotApplicable = domain.Rule("password-not-applicable", "The account has no password.")
	ErrExpiryPast            = domain.InvalidCode("expires_at", "expires-at-past", "The activation would be over already.")

	ErrKeyNotApplicable = domain.Rule("api-key-not-applicable", "Only service and platform accounts have API keys.")
	ErrKeyNotFound      = domain.NotFound("api-key-not-found", "The account has no such API key.")
	ErrKeyExists        = domain.Rule("api-key-exists", "There was an API key with this id.")
)
