package commands

import (
	"context"
	"strings"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// BlockAccount stops an account until it is unblocked. An administrator stands down first,
// which is refused for the last one; if a crash falls in between, Sweep restores.
func (s *Service) BlockAccount(ctx context.Context, c *engine.Call, in BlockAccount) (engine.None, error) {
	c.Because(in.Reason)
	return s.stop(ctx, c, in.AccountID, account.Block{Reason: in.Reason}, organization.BecauseBlocked)
}

// UnblockAccount ends a block. An administrator who can be in service again is restored.
func (s *Service) UnblockAccount(ctx context.Context, c *engine.Call, in UnblockAccount) (engine.None, error) {
	c.Because(in.Reason)
	return s.resume(ctx, c, in.AccountID, account.Unblock{Reason: in.Reason})
}

// DisableAccount switches an account off, as BlockAccount does for the last administrator.
func (s *Service) DisableAccount(ctx context.Context, c *engine.Call, in DisableAccount) (engine.None, error) {
	c.Because(in.Reason)
	return s.stop(ctx, c, in.AccountID, account.Disable{Reason: in.Reason}, organization.BecauseDisabled)
}

// EnableAccount switches an account on again.
func (s *Service) EnableAccount(ctx context.Context, c *engine.Call, in EnableAccount) (engine.None, error) {
	c.Because(in.Reason)
	return s.resume(ctx, c, in.AccountID, account.Enable{Reason: in.Reason})
}

// CloseAccount ends an account for good and frees its username.
func (s *Service) CloseAccount(ctx context.Context, c *engine.Call, in CloseAccount) (engine.None, error) {
	c.Because(in.Reason)
	id, before, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return engine.None{}, err
	}
	if err := s.stopAs(ctx, c, id, before, account.Close{Reason: in.Reason}, organization.BecauseClosed); err != nil {
		return engine.None{}, err
	}
	c.Release(ctx, before.UsernameReservation, id)
	return engine.None{}, nil
}

// SetValidUntil gives an account a last day in its organization's time zone, that day
// included. An administrator with an end date does not count as one who stays (AMB-N9).
func (s *Service) SetValidUntil(ctx context.Context, c *engine.Call, in SetValidUntil) (engine.None, error) {
	id, before, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return engine.None{}, err
	}
	o, err := s.organizations.See(ctx, c, before.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	day, end, err := lastDay(in.ValidUntil, zone(o.State))
	if err != nil {
		return engine.None{}, err
	}
	return engine.None{}, s.stopAs(ctx, c, id, before, account.SetValidUntil{ValidUntil: day, EndsAt: end, Now: c.Now}, organization.BecauseEndDate)
}

// ClearValidUntil takes the last day away.
func (s *Service) ClearValidUntil(ctx context.Context, c *engine.Call, in ClearValidUntil) (engine.None, error) {
	return s.resume(ctx, c, in.AccountID, account.ClearValidUntil{})
}

func (s *Service) stop(ctx context.Context, c *engine.Call, accountID string, command account.Command, because organization.Because) (engine.None, error) {
	id, before, err := s.managed(ctx, c, accountID, rights.ManageAccounts)
	if err != nil {
		return engine.None{}, err
	}
	return engine.None{}, s.stopAs(ctx, c, id, before, command, because)
}

func (s *Service) stopAs(ctx context.Context, c *engine.Call, id string, before account.State, command account.Command, because organization.Because) error {
	if err := s.accounts.Matches(ctx, c, id); err != nil {
		return err
	}
	if err := s.accounts.Check(ctx, c, id, false, command); err != nil {
		return err
	}
	if err := s.standDown(ctx, c, before.OrganizationID, id, because); err != nil {
		return err
	}
	after, err := s.accounts.Decide(ctx, c, id, command, engine.Step{Own: true})
	if err != nil {
		// The account is as it was, or changed by another: the organization follows it.
		s.settleOrLog(ctx, c, before.OrganizationID, id)
		return err
	}
	if !after.State.CanLogIn(c.Now) {
		c.EndSessions(ctx, id) // every request asks for the state too
	}
	s.settleOrLog(ctx, c, before.OrganizationID, id)
	return nil
}

func (s *Service) resume(ctx context.Context, c *engine.Call, accountID string, command account.Command) (engine.None, error) {
	id, before, err := s.managed(ctx, c, accountID, rights.ManageAccounts)
	if err != nil {
		return engine.None{}, err
	}
	if _, err := s.accounts.Decide(ctx, c, id, command, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	s.settleOrLog(ctx, c, before.OrganizationID, id)
	return engine.None{}, nil
}

// lastDay reads a day, or a time of RFC 3339 as its day in the time zone, and answers when
// that day is over.
func lastDay(given string, loc *time.Location) (day string, end time.Time, err error) {
	day = strings.TrimSpace(given)
	if at, err := time.Parse(time.RFC3339, day); err == nil {
		day = at.In(loc).Format(time.DateOnly)
	}
	end, err = account.EndOfDay(day, loc)
	return day, end, err
}
