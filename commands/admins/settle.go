package admins

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// readsAtOnce bounds how many accounts of administrators are read at the same time.
const readsAtOnce = 16

// Able returns the administrators in service whose account can log in.
func (u UseCases) Able(ctx context.Context, c *engine.Call, o organization.State) ([]string, error) {
	var mu sync.Mutex
	var able []string
	all, within := errgroup.WithContext(ctx)
	all.SetLimit(readsAtOnce)
	for id := range o.Admins {
		if !o.InService(id) {
			continue
		}
		all.Go(func() error {
			f, err := u.Accounts.See(within, c, id)
			if err != nil || !f.State.CanLogIn(c.Now) {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			able = append(able, id)
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	slices.Sort(able)
	return able, nil
}

// StandDown takes an administrator out of service before the account is stopped, so that the
// organization's stream decides who remains (N-31). It does nothing for an account that is no
// administrator.
func (u UseCases) StandDown(ctx context.Context, c *engine.Call, organizationID, accountID string, because organization.Because) error {
	f, err := u.Organizations.Seen(ctx, c, organizationID)
	if err != nil || !f.State.InService(accountID) {
		return err
	}
	able, err := u.Able(ctx, c, f.State)
	if err != nil {
		return err
	}
	_, err = u.Organizations.Decide(ctx, c, organizationID,
		organization.StandDown{AccountID: accountID, Because: because, CanLogIn: able}, engine.Step{})
	return err
}

// Settle makes the organization agree with an administrator's account: the administrator is in
// service exactly if the account is. It looks again after it changed something, because the
// account may have changed in between. When one command stops the account and another restores
// it at the same time, the one that looks last sees what the other did.
func (u UseCases) Settle(ctx context.Context, c *engine.Call, organizationID, accountID string) error {
	for range engine.DecideAgain {
		a, err := u.Accounts.See(ctx, c, accountID)
		if err != nil {
			return err
		}
		o, err := u.Organizations.See(ctx, c, organizationID)
		if err != nil {
			return err
		}
		if _, appointed := o.State.Admins[accountID]; !appointed || a.State.InService() == o.State.InService(accountID) {
			return nil
		}
		if a.State.InService() {
			_, err = u.Organizations.Decide(ctx, c, organizationID, organization.Restore{AccountID: accountID}, engine.Step{})
		} else {
			err = u.StandDown(ctx, c, organizationID, accountID, becauseOf(a.State))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SettleOrLog is Settle after the command's own event is written. The command stands, and the
// repairs do what could not be done now. Nothing is to be settled for an account that was no
// administrator when the command looked; if it was appointed since, the repairs follow that event.
func (u UseCases) SettleOrLog(ctx context.Context, c *engine.Call, organizationID, accountID string) {
	if o, err := u.Organizations.Seen(ctx, c, organizationID); err == nil {
		if _, appointed := o.State.Admins[accountID]; !appointed {
			return
		}
	}
	if err := u.Settle(context.WithoutCancel(ctx), c, organizationID, accountID); err != nil {
		u.Engine.Log().ErrorContext(ctx, "an administrator and the account do not agree yet", "organization", organizationID, "error", err)
	}
}

func becauseOf(a account.State) organization.Because {
	if stop := a.Strongest(); stop != "" {
		return organization.BecauseStopped(stop)
	}
	return organization.BecauseEndDate
}
