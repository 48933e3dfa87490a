// Package accounts has the use cases of accounts: opening one, what stops it from being used and
// lets it be used again, what is known of its holder, its passwords and API keys.
package accounts

import (
	"sleutelbos/commands/access"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
)

// UseCases are the commands of accounts. It has many methods because each command that looks
// further is one; they share nothing but the fields.
type UseCases struct {
	access.Access
	Admins admins.UseCases
}

// Commands returns what can be asked of an account.
func (u UseCases) Commands() []engine.Command {
	on := engine.ActsOn(access.Account)
	return []engine.Command{
		engine.Handled("CreateAccount", rights.ManageAccounts, "Creates an account. The channel says how it gets its first password.", u.create, engine.Icon("plus")),
		engine.Handled("BlockAccount", rights.ManageAccounts, "Stops an account from being used until it is unblocked.",
			u.block, on, engine.UndoneBy[UnblockAccount](), engine.Icon("block"), engine.TakesAway()),
		engine.Handled("UnblockAccount", rights.ManageAccounts, "Lets a blocked account be used again.",
			u.unblock, on, engine.UndoneBy[BlockAccount](), engine.Icon("check")),
		engine.Handled("DisableAccount", rights.ManageAccounts, "Switches an account off.",
			u.disable, on, engine.UndoneBy[EnableAccount](), engine.Icon("power"), engine.TakesAway()),
		engine.Handled("EnableAccount", rights.ManageAccounts, "Switches an account on again.",
			u.enable, on, engine.UndoneBy[DisableAccount](), engine.Icon("power")),
		engine.OneStream(u.AccountGuard(), "ShieldAccount", rights.ManageShields,
			"Marks the holder as an internal employee, whose contact data only administrators and the holder see.",
			shield, engine.UndoneBy[UnshieldAccount](), engine.Icon("shield")),
		engine.OneStream(u.AccountGuard(), "UnshieldAccount", rights.ManageShields,
			"Shows the contact data of the holder again to whoever sees the account.",
			unshield, engine.UndoneBy[ShieldAccount](), engine.Icon("undo")),
		engine.Handled("CloseAccount", rights.ManageAccounts, "Ends an account for good. Its history stays; its username becomes free.",
			u.close, on, engine.Icon("x"), engine.TakesAway()),
		engine.Handled("SetValidUntil", rights.ManageAccounts, "Sets the last day on which an account may be used.",
			u.setValidUntil, on, engine.UndoneBy[ClearValidUntil](), engine.Icon("clock")),
		engine.Handled("ClearValidUntil", rights.ManageAccounts, "Takes an account's last day away.",
			u.clearValidUntil, on, engine.UndoneBy[SetValidUntil](), engine.Icon("clock")),
		engine.Handled("ChangeUsername", rights.ManageAccounts, "Gives an account another username.",
			u.changeUsername, on, engine.UndoneBy[ChangeUsername](), engine.Icon("edit")),
		engine.Handled("ChangeDetails", rights.ManageAccounts, "Changes what is known of the holder: what is not named stays as it is, what is empty is taken away.",
			u.changeDetails, on, engine.UndoneBy[ChangeDetails](), engine.Icon("edit")),
		engine.Handled("IssueApiKey", rights.ManageAPIKeys, "Makes an API key of a service account. It is shown this once.",
			u.issueAPIKey, on, engine.UndoneBy[RevokeAPIKey](), engine.Icon("key")),
		engine.Handled("RevokeApiKey", rights.ManageAPIKeys, "Ends an API key at once.", u.revokeAPIKey, on, engine.Icon("key"), engine.TakesAway()),
		engine.Handled("SetPassword", rights.ManageAccounts, "Gives an account a password chosen by an administrator, or generated.",
			u.setPassword, on, engine.Icon("lock")),
		engine.OneStream(u.AccountGuard(), "HandOverCredentials", rights.ManageAccounts,
			"Records how the holder got the username and the password that an administrator gave the account.", handOver, engine.Icon("check")),
		engine.Handled("ChangePassword", rights.OwnAccount, "Chooses another password for one's own account.", u.changePassword, engine.RenewsSession(), engine.Icon("lock")),
	}
}
