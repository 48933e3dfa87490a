package accounts

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/reservation"
)

func naming(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("ChangeUsername", rights.ManageAccounts, "Gives an account another username.",
			u.changeUsername, onAccount, engine.UndoneBy[ChangeUsername](), engine.Reads(func(in ChangeUsername) []engine.Read {
				return u.readsOfDomain(in.Username)
			}), engine.Icon("edit")),
	}
}

// ChangeUsername is the body of the command of that name.
type ChangeUsername struct {
	AccountID string `json:"accountId" format:"uuid"`
	Username  string `json:"username" minLength:"1" maxLength:"254" text:"trimmed"`
}

// changeUsername gives an account another username.
func (u UseCases) changeUsername(ctx context.Context, c *engine.Call, in ChangeUsername) (engine.None, error) {
	id, before, err := u.Managed(ctx, c, rights.ManageAccounts, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	o, err := u.Organizations.See(ctx, c, before.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	change := account.ChangeUsername{Username: Displayed(in.Username), Now: c.Now}
	change.UsernameReservation, err = u.claimable(ctx, c, before.OrganizationID, o.State, before.Role, change.Username, before.UsernameReservation)
	if err != nil {
		return engine.None{}, err
	}
	return engine.None{}, u.Accounts.Rename(ctx, c, id, before, engine.Rename[account.State, account.Command]{
		Kind: reservation.KindUsername, Claim: change.UsernameReservation, ClaimOf: func(s account.State) string { return s.UsernameReservation }, Command: change,
	})
}

// Usernames returns what is to be known of the claims of usernames.
func (u UseCases) Usernames() engine.Guarded {
	return engine.Guarded{
		Kind: reservation.KindUsername,
		InUse: func(ctx context.Context, stream, holder string) (bool, error) {
			f, err := u.Accounts.Load(ctx, holder)
			return f.State.Exists && !f.State.Closed && f.State.UsernameReservation == stream, err
		},
		Changes: []engine.ClaimChange{
			engine.Uses(func(e account.Created) string { return e.UsernameReservation }),
			engine.Uses(func(e account.UsernameChanged) string { return e.UsernameReservation }),
			engine.Frees(func(e account.UsernameChanged) string { return e.OldUsernameReservation }),
			engine.FreesLast[account.Closed](func(ctx context.Context, holder string) (string, error) {
				f, err := u.Accounts.Load(ctx, holder)
				return f.State.UsernameReservation, err
			}),
		},
	}
}
