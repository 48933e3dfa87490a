package organizations

import (
	"context"
	"maps"
	"slices"

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
	changes, err := u.Organizations.Would(ctx, c, id, false, organization.Command(allow))
	if err != nil {
		return engine.None{}, err
	}
	if !changes {
		return engine.None{}, u.Organizations.Unchanged(ctx, c, id)
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
	claim := func(s organization.State) string { return s.Domains[canonical] }
	_, err = u.Organizations.Ends(ctx, c, id, before, claim, organization.WithdrawDomain{Domain: canonical})
	return engine.None{}, err
}

// Domains returns what is to be known of the claims of mail domains.
func (u UseCases) Domains() engine.Guarded {
	return engine.Guarded{
		Kind: reservation.KindDomain,
		InUse: func(ctx context.Context, stream, holder string) (bool, error) {
			f, err := u.Organizations.Load(ctx, holder)
			return slices.Contains(slices.Collect(maps.Values(f.State.Domains)), stream), err
		},
		Changes: []engine.ClaimChange{
			engine.Uses(func(e organization.DomainAllowed) string { return e.Reservation }),
			engine.Frees(func(e organization.DomainWithdrawn) string { return e.Reservation }),
		},
	}
}
