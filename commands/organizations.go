package commands

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
)

// organization loads an organization within the reach of a right.
func (s *Service) organization(ctx context.Context, c *engine.Call, given string, right rights.Right) (string, organization.State, error) {
	if err := c.Need(right); err != nil {
		return "", organization.State{}, err
	}
	id, ok := engine.ParseID(given)
	if !ok {
		return "", organization.State{}, organization.ErrNotFound
	}
	if err := c.Reach(right, id, "", s.organizations.Stream(id), organization.ErrNotFound); err != nil {
		return "", organization.State{}, err
	}
	f, err := s.organizations.See(ctx, c, id)
	if err == nil && !f.State.Exists {
		err = organization.ErrNotFound
	}
	return id, f.State, err
}

// RegisterOrganization registers an organization with the policies of a preset. Its
// domains are claimed first; if it is then refused they are released, and after a crash
// Sweep releases them.
func (s *Service) RegisterOrganization(ctx context.Context, c *engine.Call, in RegisterOrganization) (OrganizationMade, error) {
	if err := c.Need(rights.ManageOrganizations); err != nil {
		return OrganizationMade{}, err
	}
	id, fresh, err := c.NewID("organization_id", in.OrganizationID)
	if err != nil {
		return OrganizationMade{}, err
	}
	if err := c.Reach(rights.ManageOrganizations, id, "", s.organizations.Stream(id), organization.ErrNotFound); err != nil {
		return OrganizationMade{}, err
	}
	register := organization.Register{Name: in.Name, Preset: organization.Preset(in.Preset)}
	for _, d := range in.Domains {
		canonical, err := mailaddress.Domain(d)
		if err != nil {
			return OrganizationMade{}, organization.ErrDomainInvalid
		}
		register.Domains = append(register.Domains, organization.AllowDomain{Domain: canonical, Reservation: s.Reservation(reservation.KindDomain, canonical)})
	}
	if err := s.organizations.Check(ctx, c, id, fresh, organization.Command(register)); err != nil {
		return OrganizationMade{}, err
	}
	claims := c.Claims()
	for _, d := range register.Domains {
		if err := claims.Take(ctx, reservation.KindDomain, d.Reservation, id); err != nil {
			return OrganizationMade{}, claims.GiveBack(ctx, err)
		}
	}
	_, err = s.organizations.Decide(ctx, c, id, register, engine.Step{Own: true, New: fresh})
	return OrganizationMade{id}, claims.GiveBack(ctx, err)
}

// AllowDomain lets an organization use a mail domain, which no other may use then.
func (s *Service) AllowDomain(ctx context.Context, c *engine.Call, in AllowDomain) (engine.None, error) {
	id, _, err := s.organization(ctx, c, in.OrganizationID, rights.ManageDomains)
	if err != nil {
		return engine.None{}, err
	}
	canonical, err := mailaddress.Domain(in.Domain)
	if err != nil {
		return engine.None{}, organization.ErrDomainInvalid
	}
	allow := organization.AllowDomain{Domain: canonical, Reservation: s.Reservation(reservation.KindDomain, canonical)}
	if err := s.organizations.Check(ctx, c, id, false, organization.Command(allow)); err != nil {
		return engine.None{}, err
	}
	claims := c.Claims()
	if err := claims.Take(ctx, reservation.KindDomain, allow.Reservation, id); err != nil {
		return engine.None{}, err
	}
	_, err = s.organizations.Decide(ctx, c, id, allow, engine.Step{Own: true})
	return engine.None{}, claims.GiveBack(ctx, err)
}

// WithdrawDomain takes a domain away from an organization; accounts with it stay (AMB-N10).
func (s *Service) WithdrawDomain(ctx context.Context, c *engine.Call, in WithdrawDomain) (engine.None, error) {
	id, before, err := s.organization(ctx, c, in.OrganizationID, rights.ManageDomains)
	if err != nil {
		return engine.None{}, err
	}
	canonical, err := mailaddress.Domain(in.Domain)
	if err != nil {
		return engine.None{}, organization.ErrDomainInvalid
	}
	if _, err := s.organizations.Decide(ctx, c, id, organization.WithdrawDomain{Domain: canonical}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	if stream, allowed := before.Domains[canonical]; allowed {
		c.Release(ctx, stream, id)
	}
	return engine.None{}, nil
}

// SetPasswordPolicy says which passwords are good enough from now on.
func (s *Service) SetPasswordPolicy(ctx context.Context, c *engine.Call, in SetPasswordPolicy) (engine.None, error) {
	return s.policy(ctx, c, in.OrganizationID, organization.SetPasswordPolicy{Password: organization.PasswordPolicy{
		MinLength: in.MinLength, MinUpper: in.MinUpper, MinDigits: in.MinDigits,
	}})
}

// SetActivationPolicy says how many months an activation is valid from now on.
func (s *Service) SetActivationPolicy(ctx context.Context, c *engine.Call, in SetActivationPolicy) (engine.None, error) {
	return s.policy(ctx, c, in.OrganizationID, organization.SetActivationPolicy{ActivationMonths: in.Months})
}

// SetUsernameRule says what a username must be from now on.
func (s *Service) SetUsernameRule(ctx context.Context, c *engine.Call, in SetUsernameRule) (engine.None, error) {
	return s.policy(ctx, c, in.OrganizationID, organization.SetUsernameRule{UsernameRule: organization.UsernameRule(in.Rule)})
}

func (s *Service) policy(ctx context.Context, c *engine.Call, given string, command organization.Command) (engine.None, error) {
	id, _, err := s.organization(ctx, c, given, rights.ManageOrganizations)
	if err != nil {
		return engine.None{}, err
	}
	_, err = s.organizations.Decide(ctx, c, id, command, engine.Step{Own: true})
	return engine.None{}, err
}
