package commands

import (
	"context"
	"strings"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// BlockAccount stops an account until it is unblocked. An administrator stands down first,
// which is refused for the last one; if a crash falls in between, Sweep restores.
func (s *Service) BlockAccount(ctx context.Context, c *Call, in BlockAccount) (None, error) {
	c.because(in.Reason)
	return s.stop(ctx, c, in.AccountID, account.Block{Reason: in.Reason}, organization.BecauseBlocked)
}

// UnblockAccount ends a block. An administrator who can be in service again is restored.
func (s *Service) UnblockAccount(ctx context.Context, c *Call, in UnblockAccount) (None, error) {
	c.because(in.Reason)
	return s.resume(ctx, c, in.AccountID, account.Unblock{Reason: in.Reason})
}

// DisableAccount switches an account off, as BlockAccount does for the last administrator.
func (s *Service) DisableAccount(ctx context.Context, c *Call, in DisableAccount) (None, error) {
	c.because(in.Reason)
	return s.stop(ctx, c, in.AccountID, account.Disable{Reason: in.Reason}, organization.BecauseDisabled)
}

// EnableAccount switches an account on again.
func (s *Service) EnableAccount(ctx context.Context, c *Call, in EnableAccount) (None, error) {
	c.because(in.Reason)
	return s.resume(ctx, c, in.AccountID, account.Enable{Reason: in.Reason})
}

// CloseAccount ends an account for good and frees its username.
func (s *Service) CloseAccount(ctx context.Context, c *Call, in CloseAccount) (None, error) {
	c.because(in.Reason)
	id, before, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return None{}, err
	}
	if err := s.stopAs(ctx, c, id, before, account.Close{Reason: in.Reason}, organization.BecauseClosed); err != nil {
		return None{}, err
	}
	s.release(ctx, c, before.UsernameReservation, id)
	return None{}, nil
}

// SetValidUntil gives an account a last day in its organization's time zone, that day
// included. An administrator with an end date does not count as one who stays (AMB-N9).
func (s *Service) SetValidUntil(ctx context.Context, c *Call, in SetValidUntil) (None, error) {
	id, before, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return None{}, err
	}
	o, err := s.organizations.see(ctx, c, before.OrganizationID)
	if err != nil {
		return None{}, err
	}
	day, end, err := lastDay(in.ValidUntil, zone(o.state))
	if err != nil {
		return None{}, err
	}
	return None{}, s.stopAs(ctx, c, id, before, account.SetValidUntil{ValidUntil: day, EndsAt: end, Now: c.Now}, organization.BecauseEndDate)
}

// ClearValidUntil takes the last day away.
func (s *Service) ClearValidUntil(ctx context.Context, c *Call, in ClearValidUntil) (None, error) {
	return s.resume(ctx, c, in.AccountID, account.ClearValidUntil{})
}

func (s *Service) stop(ctx context.Context, c *Call, accountID string, command account.Command, because organization.Because) (None, error) {
	id, before, err := s.managed(ctx, c, accountID, rights.ManageAccounts)
	if err != nil {
		return None{}, err
	}
	return None{}, s.stopAs(ctx, c, id, before, command, because)
}

func (s *Service) stopAs(ctx context.Context, c *Call, id string, before account.State, command account.Command, because organization.Because) error {
	if err := s.matches(ctx, c, id); err != nil {
		return err
	}
	if err := check(ctx, c, s.accounts, id, false, command); err != nil {
		return err
	}
	if err := s.standDown(ctx, c, before.OrganizationID, id, because); err != nil {
		return err
	}
	after, err := s.accounts.decide(ctx, c, id, command, step{own: true})
	if err != nil {
		// The account is as it was, or changed by another: the organization follows it.
		s.settleOrLog(ctx, c, before.OrganizationID, id)
		return err
	}
	if !after.state.CanLogIn(c.Now) && !c.DryRun {
		if _, err := s.Sessions.EndAll(ctx, id, ""); err != nil {
			s.Log.ErrorContext(ctx, "sessions could not be ended", "error", err) // every request asks for the state too
		}
	}
	s.settleOrLog(ctx, c, before.OrganizationID, id)
	return nil
}

func (s *Service) resume(ctx context.Context, c *Call, accountID string, command account.Command) (None, error) {
	id, before, err := s.managed(ctx, c, accountID, rights.ManageAccounts)
	if err != nil {
		return None{}, err
	}
	if _, err := s.accounts.decide(ctx, c, id, command, step{own: true}); err != nil {
		return None{}, err
	}
	s.settleOrLog(ctx, c, before.OrganizationID, id)
	return None{}, nil
}

// matches refuses a stale If-Match before another stream is changed for the command.
func (s *Service) matches(ctx context.Context, c *Call, accountID string) error {
	if c.IfMatch == nil {
		return nil
	}
	f, err := s.accounts.see(ctx, c, accountID)
	if err == nil && f.revision() != *c.IfMatch && !c.repeatable {
		err = ErrStale
	}
	return err
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
