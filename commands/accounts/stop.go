package accounts

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

func stopping(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("BlockAccount", rights.ManageAccounts, "Stops an account from being used until it is unblocked.",
			u.block, onAccount, engine.UndoneBy[UnblockAccount](), engine.Icon("block"), engine.TakesAway()),
		engine.Handled("UnblockAccount", rights.ManageAccounts, "Lets a blocked account be used again.",
			u.unblock, onAccount, engine.UndoneBy[BlockAccount](), engine.Icon("check")),
		engine.Handled("DisableAccount", rights.ManageAccounts, "Switches an account off.",
			u.disable, onAccount, engine.UndoneBy[EnableAccount](), engine.Icon("power"), engine.TakesAway()),
		engine.Handled("EnableAccount", rights.ManageAccounts, "Switches an account on again.",
			u.enable, onAccount, engine.UndoneBy[DisableAccount](), engine.Icon("power")),
		engine.Handled("CloseAccount", rights.ManageAccounts, "Ends an account for good. Its history stays; its username becomes free.",
			u.close, onAccount, engine.Icon("x"), engine.TakesAway()),
	}
}

// The bodies of the commands that stop an account, and of those that end it.
type (
	// BlockAccount is the body of the command of that name.
	BlockAccount struct {
		AccountID  string `json:"accountId" format:"uuid"`
		Reason     string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
		OwnAccount bool   `json:"ownAccount,omitzero" doc:"Confirms that the asker means the own account; without it the command is refused for that."`
	}
	// UnblockAccount is the body of the command of that name.
	UnblockAccount struct {
		AccountID string `json:"accountId" format:"uuid"`
		Reason    string `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown in the history."`
	}
	// DisableAccount is the body of the command of that name.
	DisableAccount struct {
		AccountID  string `json:"accountId" format:"uuid"`
		Reason     string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
		OwnAccount bool   `json:"ownAccount,omitzero" doc:"Confirms that the asker means the own account; without it the command is refused for that."`
	}
	// EnableAccount is the body of the command of that name.
	EnableAccount struct {
		AccountID string `json:"accountId" format:"uuid"`
		Reason    string `json:"reason,omitzero" maxLength:"500" lines:"many" doc:"Shown in the history."`
	}
	// CloseAccount is the body of the command of that name.
	CloseAccount struct {
		AccountID  string `json:"accountId" format:"uuid"`
		Reason     string `json:"reason" minLength:"1" maxLength:"500" lines:"many" doc:"Shown in the history."`
		OwnAccount bool   `json:"ownAccount,omitzero" doc:"Confirms that the asker means the own account; without it the command is refused for that."`
	}
)

// block stops an account until it is unblocked. An administrator stands down first, which is
// refused for the last one. If a crash falls in between, the repairs restore the administrator.
func (u UseCases) block(ctx context.Context, c *engine.Call, in BlockAccount) (engine.None, error) {
	c.Because(in.Reason)
	return u.stop(ctx, c, in.AccountID, account.Block{Reason: in.Reason}, organization.BecauseStopped(account.BadgeBlocked))
}

// unblock ends a block. An administrator who can be in service again is restored.
func (u UseCases) unblock(ctx context.Context, c *engine.Call, in UnblockAccount) (engine.None, error) {
	c.Because(in.Reason)
	return u.resume(ctx, c, in.AccountID, account.Unblock{Reason: in.Reason})
}

// disable switches an account off. Like block, it is refused for the last administrator.
func (u UseCases) disable(ctx context.Context, c *engine.Call, in DisableAccount) (engine.None, error) {
	c.Because(in.Reason)
	return u.stop(ctx, c, in.AccountID, account.Disable{Reason: in.Reason}, organization.BecauseStopped(account.BadgeDisabled))
}

// enable switches an account on again.
func (u UseCases) enable(ctx context.Context, c *engine.Call, in EnableAccount) (engine.None, error) {
	c.Because(in.Reason)
	return u.resume(ctx, c, in.AccountID, account.Enable{Reason: in.Reason})
}

// close ends an account for good and frees its username.
func (u UseCases) close(ctx context.Context, c *engine.Call, in CloseAccount) (engine.None, error) {
	c.Because(in.Reason)
	id, before, err := u.Managed(ctx, c, rights.ManageAccounts, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	username := func(s account.State) string { return s.UsernameReservation }
	_, err = engine.Leave(ctx, c, id, before, username, func() (engine.Decided[account.State], error) {
		return u.stopAs(ctx, c, id, before, account.Close{Reason: in.Reason}, organization.BecauseStopped(account.BadgeClosed))
	})
	return engine.None{}, err
}

func (u UseCases) stop(ctx context.Context, c *engine.Call, accountID string, command account.Command, because organization.Because) (engine.None, error) {
	id, before, err := u.Managed(ctx, c, rights.ManageAccounts, accountID)
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.stopAs(ctx, c, id, before, command, because)
	return engine.None{}, err
}

func (u UseCases) stopAs(ctx context.Context, c *engine.Call, id string, before account.State, command account.Command, because organization.Because) (engine.Decided[account.State], error) {
	var none engine.Decided[account.State]
	if err := u.Accounts.Matches(ctx, c, id); err != nil {
		return none, err
	}
	if err := u.Accounts.Check(ctx, c, id, false, command); err != nil {
		return none, err
	}
	if err := u.Admins.StandDown(ctx, c, before.OrganizationID, id, because); err != nil {
		return none, err
	}
	after, err := u.Accounts.Decide(ctx, c, id, command, engine.Step{Own: true})
	if err != nil {
		// The account is as it was, or another command changed it: the organization follows it either
		// way.
		u.Admins.SettleOrLog(ctx, c, before.OrganizationID, id)
		return none, err
	}
	if !after.State.CanLogIn(c.Now) {
		c.EndSessions(ctx, id) // every request asks for the state too
	}
	u.Admins.SettleOrLog(ctx, c, before.OrganizationID, id)
	return after, nil
}

func (u UseCases) resume(ctx context.Context, c *engine.Call, accountID string, command account.Command) (engine.None, error) {
	id, before, err := u.Managed(ctx, c, rights.ManageAccounts, accountID)
	if err != nil {
		return engine.None{}, err
	}
	if _, err := u.Accounts.Decide(ctx, c, id, command, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	u.Admins.SettleOrLog(ctx, c, before.OrganizationID, id)
	return engine.None{}, nil
}
