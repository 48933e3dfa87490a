package commands

import (
	"context"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
)

// organization loads an organization within the reach of a right.
func (s *Service) organization(ctx context.Context, c *Call, given string, right rights.Right) (string, organization.State, error) {
	if err := c.need(right); err != nil {
		return "", organization.State{}, err
	}
	id, ok := parseID(given)
	if !ok {
		return "", organization.State{}, organization.ErrNotFound
	}
	if err := c.reach(right, id, "", s.organizations.stream(id), organization.ErrNotFound); err != nil {
		return "", organization.State{}, err
	}
	f, err := s.organizations.see(ctx, c, id)
	if err == nil && !f.state.Exists {
		err = organization.ErrNotFound
	}
	return id, f.state, err
}

// RegisterOrganization registers an organization with the policies of a preset. Its
// domains are claimed first; if it is then refused they are released, and after a crash
// Sweep releases them.
func (s *Service) RegisterOrganization(ctx context.Context, c *Call, in RegisterOrganization) (OrganizationMade, error) {
	if err := c.need(rights.ManageOrganizations); err != nil {
		return OrganizationMade{}, err
	}
	id, fresh, err := c.newID("organization_id", in.OrganizationID)
	if err != nil {
		return OrganizationMade{}, err
	}
	if err := c.reach(rights.ManageOrganizations, id, "", s.organizations.stream(id), organization.ErrNotFound); err != nil {
		return OrganizationMade{}, err
	}
	register := organization.Register{Name: in.Name, Preset: organization.Preset(in.Preset)}
	for _, d := range in.Domains {
		canonical, err := mailaddress.Domain(d)
		if err != nil {
			return OrganizationMade{}, organization.ErrDomainInvalid
		}
		register.Domains = append(register.Domains, organization.AllowDomain{Domain: canonical, Reservation: s.reservation(reservation.KindDomain, canonical)})
	}
	if err := check(ctx, c, s.organizations, id, fresh, organization.Command(register)); err != nil {
		return OrganizationMade{}, err
	}
	var claims claims
	for _, d := range register.Domains {
		if err := claims.take(ctx, c, reservation.KindDomain, d.Reservation, id); err != nil {
			return OrganizationMade{}, claims.giveBack(ctx, c, err)
		}
	}
	_, err = s.organizations.decide(ctx, c, id, register, step{own: true, new: fresh})
	return OrganizationMade{id}, claims.giveBack(ctx, c, err)
}

// AllowDomain lets an organization use a mail domain, which no other may use then.
func (s *Service) AllowDomain(ctx context.Context, c *Call, in AllowDomain) (None, error) {
	id, _, err := s.organization(ctx, c, in.OrganizationID, rights.ManageDomains)
	if err != nil {
		return None{}, err
	}
	canonical, err := mailaddress.Domain(in.Domain)
	if err != nil {
		return None{}, organization.ErrDomainInvalid
	}
	allow := organization.AllowDomain{Domain: canonical, Reservation: s.reservation(reservation.KindDomain, canonical)}
	if err := check(ctx, c, s.organizations, id, false, organization.Command(allow)); err != nil {
		return None{}, err
	}
	var claims claims
	if err := claims.take(ctx, c, reservation.KindDomain, allow.Reservation, id); err != nil {
		return None{}, err
	}
	_, err = s.organizations.decide(ctx, c, id, allow, step{own: true})
	return None{}, claims.giveBack(ctx, c, err)
}

// WithdrawDomain takes a domain away from an organization; accounts with it stay (AMB-N10).
func (s *Service) WithdrawDomain(ctx context.Context, c *Call, in WithdrawDomain) (None, error) {
	id, before, err := s.organization(ctx, c, in.OrganizationID, rights.ManageDomains)
	if err != nil {
		return None{}, err
	}
	canonical, err := mailaddress.Domain(in.Domain)
	if err != nil {
		return None{}, organization.ErrDomainInvalid
	}
	if _, err := s.organizations.decide(ctx, c, id, organization.WithdrawDomain{Domain: canonical}, step{own: true}); err != nil {
		return None{}, err
	}
	if stream, allowed := before.Domains[canonical]; allowed {
		s.release(ctx, c, stream, id)
	}
	return None{}, nil
}

// SetPasswordPolicy says which passwords are good enough from now on.
func (s *Service) SetPasswordPolicy(ctx context.Context, c *Call, in SetPasswordPolicy) (None, error) {
	return s.policy(ctx, c, in.OrganizationID, organization.SetPasswordPolicy{Password: organization.PasswordPolicy{
		MinLength: in.MinLength, MinUpper: in.MinUpper, MinDigits: in.MinDigits,
	}})
}

// SetActivationPolicy says how many months an activation is valid from now on.
func (s *Service) SetActivationPolicy(ctx context.Context, c *Call, in SetActivationPolicy) (None, error) {
	return s.policy(ctx, c, in.OrganizationID, organization.SetActivationPolicy{ActivationMonths: in.Months})
}

// SetUsernameRule says what a username must be from now on.
func (s *Service) SetUsernameRule(ctx context.Context, c *Call, in SetUsernameRule) (None, error) {
	return s.policy(ctx, c, in.OrganizationID, organization.SetUsernameRule{UsernameRule: organization.UsernameRule(in.Rule)})
}

func (s *Service) policy(ctx context.Context, c *Call, given string, command organization.Command) (None, error) {
	id, _, err := s.organization(ctx, c, given, rights.ManageOrganizations)
	if err != nil {
		return None{}, err
	}
	_, err = s.organizations.decide(ctx, c, id, command, step{own: true})
	return None{}, err
}
