package accounts

import (
	"context"
	"errors"

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

// changeUsername gives an account another username. The new one is claimed first, and the old
// one is released last.
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
	changes, err := u.Accounts.Would(ctx, c, id, false, change)
	if err != nil {
		return engine.None{}, err
	}
	if !changes {
		return engine.None{}, u.Accounts.Unchanged(ctx, c, id)
	}
	if err := u.Accounts.DecideHeld(ctx, c, id, func(s account.State) bool { return s.UsernameReservation == change.UsernameReservation }, change); !errors.Is(err, engine.ErrMovedOn) {
		return engine.None{}, err
	}
	leaving, err := c.Leaving(ctx, before.UsernameReservation, id)
	if err != nil {
		return engine.None{}, err
	}
	claims := c.Claims()
	if err := claims.Take(ctx, reservation.KindUsername, change.UsernameReservation, id); err != nil {
		return engine.None{}, err
	}
	done, err := u.Accounts.Decide(ctx, c, id, change, engine.Step{Own: true})
	if err != nil {
		return engine.None{}, claims.GiveBack(ctx, err)
	}
	if before.UsernameReservation != change.UsernameReservation { // it moved meanwhile
		c.Release(ctx, leaving, done.Before.UsernameReservation)
	}
	return engine.None{}, nil
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
