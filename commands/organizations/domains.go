package organizations

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
)

// AllowDomain is the body of the command of that name.
type AllowDomain struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	Domain         string `json:"domain" minLength:"1" maxLength:"253" doc:"In small letters, e.g. example.nl."`
}

// WithdrawDomain is the body of the command of that name.
type WithdrawDomain struct {
	OrganizationID string `json:"organizationId" format:"uuid"`
	Domain         string `json:"domain" minLength:"1" maxLength:"253" doc:"In small letters, e.g. example.nl."`
}

// allowDomain lets an organization use a mail domain. No other organization can use it then.
func (u UseCases) allowDomain(ctx context.Context, c *engine.Call, in AllowDomain) (engine.None, error) {
	id, _, err := u.Organization(ctx, c, rights.ManageDomains, in.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	canonical, err := mailaddress.Domain(in.Domain)
	if err != nil {
		return engine.None{}, organization.ErrDomainInvalid
	}
	allow := organization.AllowDomain{Domain: canonical, Reservation: u.Engine.Reservation(reservation.KindDomain, canonical)}
	if err := u.Organizations.Check(ctx, c, id, false, organization.Command(allow)); err != nil {
		return engine.None{}, err
	}
	claims := c.Claims()
	if err := claims.Take(ctx, reservation.KindDomain, allow.Reservation, id); err != nil {
		return engine.None{}, err
	}
	_, err = u.Organizations.Decide(ctx, c, id, allow, engine.Step{Own: true})
	return engine.None{}, claims.GiveBack(ctx, err)
}

// withdrawDomain takes a domain away from an organization. Accounts that have it in their
// username stay (AMB-N10).
func (u UseCases) withdrawDomain(ctx context.Context, c *engine.Call, in WithdrawDomain) (engine.None, error) {
	id, before, err := u.Organization(ctx, c, rights.ManageDomains, in.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	canonical, err := mailaddress.Domain(in.Domain)
	if err != nil {
		return engine.None{}, organization.ErrDomainInvalid
	}
	if _, err := u.Organizations.Decide(ctx, c, id, organization.WithdrawDomain{Domain: canonical}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	if stream, allowed := before.Domains[canonical]; allowed {
		c.Release(ctx, stream, id)
	}
	return engine.None{}, nil
}

// UsesDomain says whether an organization has the mail domain of a claim.
func (u UseCases) UsesDomain(ctx context.Context, stream, holder string) (bool, error) {
	f, err := u.Organizations.Load(ctx, holder)
	for _, reserved := range f.State.Domains {
		if reserved == stream {
			return true, err
		}
	}
	return false, err
}
