// Package organizations has the use cases of organizations: registering one, its mail domains and
// its policies.
package organizations

import (
	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
)

// UseCases are the commands of organizations.
type UseCases struct{ access.Access }

// Commands returns what can be asked of an organization.
func (u UseCases) Commands() []engine.Command {
	on, guard := engine.ActsOn(access.Organization), u.OrganizationGuard()
	return []engine.Command{
		engine.Handled("RegisterOrganization", rights.ManageOrganizations, "Registers an organization with the policies of a preset.", u.Register, engine.Icon("plus")),
		engine.Handled("AllowDomain", rights.ManageDomains, "Lets mail addresses of a domain be usernames of an organization.",
			u.allowDomain, on, engine.UndoneBy[WithdrawDomain](), engine.Icon("plus")),
		engine.Handled("WithdrawDomain", rights.ManageDomains, "Takes an allowed domain away from an organization.",
			u.withdrawDomain, on, engine.UndoneBy[AllowDomain](), engine.Icon("x"), engine.TakesAway()),
		engine.OneStream(guard, "SetPolicy", rights.ManageOrganizations, "Gives one of an organization's policies another value.",
			setPolicy, engine.UndoneBy[SetPolicy](), engine.Icon("settings")),
		engine.OneStream(guard, "SetPasswordPolicy", rights.ManageOrganizations, "Sets what a password of an organization's accounts must have.",
			setPasswordPolicy, engine.UndoneBy[SetPasswordPolicy](), engine.Icon("settings")),
		engine.OneStream(guard, "SetActivationPolicy", rights.ManageOrganizations, "Sets for how many months an activation is valid.",
			setActivationPolicy, engine.UndoneBy[SetActivationPolicy](), engine.Icon("settings")),
		engine.OneStream(guard, "SetTimeZone", rights.ManageOrganizations, "Sets the time zone in which an organization's days begin and end.",
			setTimeZone, engine.UndoneBy[SetTimeZone](), engine.Icon("clock")),
		engine.OneStream(guard, "SetLetterSender", rights.ManageLetters, "Sets whose name and address stand on an organization's letters; what is not named is empty.",
			setLetterSender, engine.UndoneBy[SetLetterSender](), engine.Icon("edit")),
		engine.OneStream(guard, "SetUsernameRule", rights.ManageOrganizations, "Sets what a username of an organization's accounts must be.",
			setUsernameRule, engine.UndoneBy[SetUsernameRule](), engine.Icon("settings")),
	}
}
