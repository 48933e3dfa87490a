package accounts

import (
	"context"
	"strings"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

func validity(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("SetValidUntil", rights.ManageAccounts, "Sets the last day on which an account may be used.",
			u.setValidUntil, onAccount, engine.UndoneBy[ClearValidUntil](), engine.Icon("clock")),
		engine.Handled("ClearValidUntil", rights.ManageAccounts, "Takes an account's last day away.",
			u.clearValidUntil, onAccount, engine.UndoneBy[SetValidUntil](), engine.Icon("clock")),
	}
}

// SetValidUntil is the body of the command of that name.
type SetValidUntil struct {
	AccountID  string `json:"accountId" format:"uuid"`
	ValidUntil string `json:"validUntil" minLength:"1" maxLength:"40" doc:"The last day, yyyy-mm-dd; a time of RFC 3339 counts as its day in the organization's time zone."`
	OwnAccount bool   `json:"ownAccount,omitzero" doc:"Confirms that the asker means the own account; without it the command is refused for that."`
}

// ClearValidUntil is the body of the command of that name.
type ClearValidUntil struct {
	AccountID string `json:"accountId" format:"uuid"`
}

// setValidUntil gives an account a last day in its organization's time zone, that day
// included. An administrator with an end date does not count as one who stays (AMB-N9).
func (u UseCases) setValidUntil(ctx context.Context, c *engine.Call, in SetValidUntil) (engine.None, error) {
	id, before, err := u.Managed(ctx, c, rights.ManageAccounts, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	o, err := u.Organizations.See(ctx, c, before.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	day, end, err := lastDay(in.ValidUntil, o.State.Policies.Zone())
	if err != nil {
		return engine.None{}, err
	}
	_, err = u.stopAs(ctx, c, id, before, account.SetValidUntil{ValidUntil: day, EndsAt: end, Now: c.Now}, organization.BecauseEndDate)
	return engine.None{}, err
}

// clearValidUntil takes the last day away.
func (u UseCases) clearValidUntil(ctx context.Context, c *engine.Call, in ClearValidUntil) (engine.None, error) {
	return u.resume(ctx, c, in.AccountID, account.ClearValidUntil{})
}

// lastDay reads a day, or a time of RFC 3339 as its day in the time zone, and returns when
// that day is over.
func lastDay(given string, loc *time.Location) (day string, end time.Time, err error) {
	day = strings.TrimSpace(given)
	if at, err := time.Parse(time.RFC3339, day); err == nil {
		day = at.In(loc).Format(time.DateOnly)
	}
	end, err = account.EndOfDay(day, loc)
	return day, end, err
}
