package organizations

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
)

// RegisterOrganization is the body of the command of that name.
type RegisterOrganization struct {
	OrganizationID string              `json:"organizationId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	Name           string              `json:"name" minLength:"1" maxLength:"200"`
	Preset         organization.Preset `json:"preset" enum:"values" doc:"The policies that the organization starts with."`
	Domains        []string            `json:"domains,omitzero" maxLength:"253" doc:"Allowed mail domains."`
}

// OrganizationMade is the result of RegisterOrganization.
type OrganizationMade struct {
	OrganizationID string `json:"organizationId"`
}

// Register registers an organization with the policies of a preset. Its domains are claimed
// first. If the organization is then refused the claims are released, and after a crash the
// repairs release them.
func (u UseCases) Register(ctx context.Context, c *engine.Call, in RegisterOrganization) (OrganizationMade, error) {
	if err := c.Need(rights.ManageOrganizations); err != nil {
		return OrganizationMade{}, err
	}
	id, fresh, err := u.Organizations.NewID(ctx, c, engine.Naming[organization.State]{
		Field: "organization_id", Given: in.OrganizationID, Right: rights.ManageOrganizations, Missing: organization.ErrNotFound,
		Of: func(id string, s organization.State) engine.Owner {
			return engine.Owner{Exists: s.Exists, Organization: id}
		},
	})
	if err != nil {
		return OrganizationMade{}, err
	}
	if err := c.Reach(rights.ManageOrganizations, id, "", u.Organizations.Stream(id), organization.ErrNotFound); err != nil {
		return OrganizationMade{}, err
	}
	register := organization.Register{Name: in.Name, Preset: in.Preset}
	for i, d := range in.Domains {
		canonical, err := mailaddress.Domain(d)
		if err != nil {
			return OrganizationMade{}, domain.In(domain.Item("domains", i), organization.ErrDomainInvalid)
		}
		register.Domains = append(register.Domains, organization.AllowDomain{Domain: canonical, Reservation: u.Engine.Reservation(reservation.KindDomain, canonical)})
	}
	makes, err := u.Organizations.Would(ctx, c, id, fresh, organization.Command(register))
	if err != nil {
		return OrganizationMade{}, err
	}
	claims := c.Claims()
	for i, d := range register.Domains {
		if !makes {
			break // they are its own already
		}
		if err := claims.Take(ctx, reservation.KindDomain, d.Reservation, id); err != nil {
			return OrganizationMade{}, claims.GiveBack(ctx, domain.In(domain.Item("domains", i), err))
		}
	}
	_, err = u.Organizations.Decide(ctx, c, id, register, engine.Step{Own: true, New: fresh})
	return OrganizationMade{id}, claims.GiveBack(ctx, err)
}
