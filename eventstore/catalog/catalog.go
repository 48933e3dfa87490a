// Package catalog gives every event its stored name: the schema of record. A name is
// never changed and never used for something else; its golden file in testdata shows it
// as it is stored, with the personal members in plain text.
package catalog

import (
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/refusal"
	"sleutelbos/domain/reservation"
	"sleutelbos/domain/session"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/audit"
)

// New returns the registry of every name ever stored.
func New() *eventstore.Registry {
	r := eventstore.NewRegistry()

	eventstore.Register[account.Created](r, "account.created.v1")
	eventstore.Register[account.ActivationSent](r, "account.activation_sent.v1")
	eventstore.Register[account.ActivationSuperseded](r, "account.activation_superseded.v1")
	eventstore.Register[account.ActivationExpired](r, "account.activation_expired.v1")
	eventstore.Register[account.ActivationCodeRejected](r, "account.activation_code_rejected.v1")
	eventstore.Register[account.PasswordChosen](r, "account.password_chosen.v1")
	eventstore.Register[account.Activated](r, "account.activated.v1")
	eventstore.Register[account.PasswordSetByAdmin](r, "account.password_set_by_admin.v1")
	eventstore.Register[account.PasswordChangeRequired](r, "account.password_change_required.v1")
	eventstore.Register[account.PasswordChanged](r, "account.password_changed.v1")
	eventstore.Register[account.Blocked](r, "account.blocked.v1")
	eventstore.Register[account.Unblocked](r, "account.unblocked.v1")
	eventstore.Register[account.Disabled](r, "account.disabled.v1")
	eventstore.Register[account.Enabled](r, "account.enabled.v1")
	eventstore.Register[account.Closed](r, "account.closed.v1")
	eventstore.Register[account.ValiditySet](r, "account.validity_set.v1")
	eventstore.Register[account.ValidityCleared](r, "account.validity_cleared.v1")
	eventstore.Register[account.Expired](r, "account.expired.v1")
	eventstore.Register[account.UsernameChanged](r, "account.username_changed.v1")
	eventstore.Register[account.NameChanged](r, "account.name_changed.v1")
	eventstore.Register[account.EmailChanged](r, "account.email_changed.v1")
	eventstore.Register[account.PhoneChanged](r, "account.phone_changed.v1")
	eventstore.Register[account.CountryChanged](r, "account.country_changed.v1")
	eventstore.Register[account.DescriptionChanged](r, "account.description_changed.v1")
	eventstore.Register[account.APIKeyIssued](r, "account.api_key_issued.v1")
	eventstore.Register[account.APIKeyRevoked](r, "account.api_key_revoked.v1")

	eventstore.Register[organization.Registered](r, "organization.registered.v1")
	eventstore.Register[organization.DomainAllowed](r, "organization.domain_allowed.v1")
	eventstore.Register[organization.DomainWithdrawn](r, "organization.domain_withdrawn.v1")
	eventstore.Register[organization.AdminAppointed](r, "organization.admin_appointed.v1")
	eventstore.Register[organization.AdminDismissed](r, "organization.admin_dismissed.v1")
	eventstore.Register[organization.AdminStoodDown](r, "organization.admin_stood_down.v1")
	eventstore.Register[organization.AdminRestored](r, "organization.admin_restored.v1")
	eventstore.Register[organization.PasswordPolicyChanged](r, "organization.password_policy_changed.v1")
	eventstore.Register[organization.ActivationPolicyChanged](r, "organization.activation_policy_changed.v1")
	eventstore.Register[organization.UsernameRuleChanged](r, "organization.username_rule_changed.v1")

	eventstore.Register[license.Registered](r, "license.registered.v1")
	eventstore.Register[license.Granted](r, "license.granted.v1")

	eventstore.Register[licenserequest.Requested](r, "licenserequest.requested.v1")
	eventstore.Register[licenserequest.Approved](r, "licenserequest.approved.v1")
	eventstore.Register[licenserequest.Rejected](r, "licenserequest.rejected.v1")
	eventstore.Register[licenserequest.Withdrawn](r, "licenserequest.withdrawn.v1")

	eventstore.Register[letter.Created](r, "letter.created.v1")
	eventstore.Register[letter.Printed](r, "letter.printed.v1")
	eventstore.Register[letter.Sent](r, "letter.sent.v1")
	eventstore.Register[letter.Invalidated](r, "letter.invalidated.v1")

	eventstore.Register[message.Queued](r, "message.queued.v1")
	eventstore.Register[message.Sent](r, "message.sent.v1")
	eventstore.Register[message.Failed](r, "message.failed.v1")
	eventstore.Register[message.GivenUp](r, "message.given_up.v1")

	eventstore.Register[reservation.Claimed](r, "reservation.claimed.v1")
	eventstore.Register[reservation.Released](r, "reservation.released.v1")

	eventstore.Register[session.Started](r, "session.started.v1")
	eventstore.Register[session.Ended](r, "session.ended.v1")

	eventstore.Register[refusal.Recorded](r, "refusal.recorded.v1")
	eventstore.Register[refusal.Summed](r, "refusal.summed.v1")

	eventstore.Register[audit.Sealed](r, audit.SealedName)
	return r
}
