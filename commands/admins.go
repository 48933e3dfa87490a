package commands

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// Refusals about administrators.
var (
	ErrNotAppointable = domain.Rule("admin-role-conflict", "Only people who do not have another role can be administrators.")
)

// AppointAdmin makes an account of the organization one of its administrators. The account
// is read, not locked: if it is blocked in the same moment, settle has it stand down.
func (s *Service) AppointAdmin(ctx context.Context, c *engine.Call, in AppointAdmin) (engine.None, error) {
	organizationID, _, err := s.organization(ctx, c, in.OrganizationID, rights.ManageAdmins)
	if err != nil {
		return engine.None{}, err
	}
	id, a, err := s.member(ctx, c, organizationID, in.AccountID)
	switch {
	case err != nil:
		return engine.None{}, err
	case a.Closed:
		return engine.None{}, account.ErrClosed
	case a.Role != account.RoleUser && a.Role != account.RoleAdmin:
		return engine.None{}, ErrNotAppointable
	}
	c.Concerns(organizationID, id, s.organizations.Stream(organizationID))
	if _, err := s.organizations.Decide(ctx, c, organizationID, organization.Appoint{AccountID: id}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	s.settleOrLog(ctx, c, organizationID, id)
	return engine.None{}, nil
}

// DismissAdmin ends that an account is an administrator. The other administrators' accounts
// are read, not locked: an activation never goes back, and whoever stops one of them has to
// pass the organization's stream, as this does.
func (s *Service) DismissAdmin(ctx context.Context, c *engine.Call, in DismissAdmin) (engine.None, error) {
	organizationID, o, err := s.organization(ctx, c, in.OrganizationID, rights.ManageAdmins)
	if err != nil {
		return engine.None{}, err
	}
	id, _, err := s.member(ctx, c, organizationID, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	c.Concerns(organizationID, id, s.organizations.Stream(organizationID))
	able, err := s.able(ctx, c, o)
	if err != nil {
		return engine.None{}, err
	}
	_, err = s.organizations.Decide(ctx, c, organizationID, organization.Dismiss{AccountID: id, CanLogIn: able}, engine.Step{Own: true})
	return engine.None{}, err
}

// member loads an account of an organization.
func (s *Service) member(ctx context.Context, c *engine.Call, organizationID, accountID string) (string, account.State, error) {
	id, ok := engine.ParseID(accountID)
	if !ok {
		return "", account.State{}, account.ErrNotFound
	}
	f, err := s.accounts.See(ctx, c, id)
	if err == nil && (!f.State.Exists || f.State.OrganizationID != organizationID) {
		err = account.ErrNotFound
	}
	return id, f.State, err
}

// able answers the administrators in service whose account can log in.
func (s *Service) able(ctx context.Context, c *engine.Call, o organization.State) ([]string, error) {
	var able []string
	for id := range o.Admins {
		if !o.InService(id) {
			continue
		}
		f, err := s.accounts.See(ctx, c, id)
		if err != nil {
			return nil, err
		}
		if f.State.CanLogIn(c.Now) {
			able = append(able, id)
		}
	}
	return able, nil
}

// standDown takes an administrator out of service before the account is stopped, so that
// the organization's stream decides who remains (N-31). Who is no administrator passes.
func (s *Service) standDown(ctx context.Context, c *engine.Call, organizationID, accountID string, because organization.Because) error {
	f, err := s.organizations.See(ctx, c, organizationID)
	if err != nil || !f.State.InService(accountID) {
		return err
	}
	able, err := s.able(ctx, c, f.State)
	if err != nil {
		return err
	}
	_, err = s.organizations.Decide(ctx, c, organizationID,
		organization.StandDown{AccountID: accountID, Because: because, CanLogIn: able}, engine.Step{})
	return err
}

// settle makes the organization agree with an administrator's account: in service exactly
// if the account is. It looks again after it changed something, because the account may
// have changed in between; of two who stop and restore one account at once, the one who
// looks last sees what the other did.
func (s *Service) settle(ctx context.Context, c *engine.Call, organizationID, accountID string) error {
	for range engine.DecideAgain {
		a, err := s.accounts.See(ctx, c, accountID)
		if err != nil {
			return err
		}
		o, err := s.organizations.See(ctx, c, organizationID)
		if err != nil {
			return err
		}
		if _, appointed := o.State.Admins[accountID]; !appointed || a.State.InService() == o.State.InService(accountID) {
			return nil
		}
		if a.State.InService() {
			_, err = s.organizations.Decide(ctx, c, organizationID, organization.Restore{AccountID: accountID}, engine.Step{})
		} else {
			err = s.standDown(ctx, c, organizationID, accountID, becauseOf(a.State))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// settleOrLog is settle after the command's own event is written: the command stands, and
// Sweep does what could not be done now.
func (s *Service) settleOrLog(ctx context.Context, c *engine.Call, organizationID, accountID string) {
	if err := s.settle(context.WithoutCancel(ctx), c, organizationID, accountID); err != nil {
		s.Log().ErrorContext(ctx, "an administrator and the account do not agree yet", "organization", organizationID, "error", err)
	}
}

func becauseOf(a account.State) organization.Because {
	switch {
	case a.Closed:
		return organization.BecauseClosed
	case a.Blocked:
		return organization.BecauseBlocked
	case a.Disabled:
		return organization.BecauseDisabled
	}
	return organization.BecauseEndDate
}
