package accounts

import (
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
)

func shielding(u UseCases) []engine.Command {
	return []engine.Command{
		engine.OneStream(u.AccountGuard(), "ShieldAccount", rights.ManageShields,
			"Marks the holder as an internal employee, whose contact data only administrators and the holder see.",
			shield, engine.UndoneBy[UnshieldAccount](), engine.Icon("shield")),
		engine.OneStream(u.AccountGuard(), "UnshieldAccount", rights.ManageShields,
			"Shows the contact data of the holder again to whoever sees the account.",
			unshield, engine.UndoneBy[ShieldAccount](), engine.Icon("undo")),
	}
}

// ShieldAccount is the body of the command of that name.
type ShieldAccount struct {
	AccountID string `json:"accountId" format:"uuid"`
	Reason    string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

func shield(c *engine.Call, in ShieldAccount) (string, account.Command) {
	c.Because(in.Reason)
	return in.AccountID, account.Shield{Reason: in.Reason}
}

// UnshieldAccount is the body of the command of that name.
type UnshieldAccount struct {
	AccountID string `json:"accountId" format:"uuid"`
	Reason    string `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown in the history."`
}

func unshield(c *engine.Call, in UnshieldAccount) (string, account.Command) {
	c.Because(in.Reason)
	return in.AccountID, account.Unshield{Reason: in.Reason}
}
