package reactors

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Roles gives the organizations that work with it their group Standaard, and each usual account of
// theirs that group (O-10). It takes an archived group from whoever has it nevertheless.
type Roles struct{ rolegroups.UseCases }

// Reactor returns the reactor that does so.
func (r Roles) Reactor() Reactor {
	return Reactor{Name: "roles", Types: catalog.NamesOf(organization.Registered{}, account.Created{}, account.RoleAssigned{}, rolegroup.Archived{}), Handle: r.react}
}

func (r Roles) react(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := reaction(r.Engine, "roles", rec)
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case organization.Registered:
		if e.Preset.HasStandardRole() {
			return r.MakeStandard(ctx, c, rec.AggregateID())
		}
	case account.Created:
		return r.created(ctx, c, rec.AggregateID(), e)
	case account.RoleAssigned:
		return r.TakeArchived(ctx, c, e.RoleGroupID, rec.AggregateID())
	case rolegroup.Archived:
		have, err := r.Members.Of(ctx, rec.AggregateID())
		if err != nil {
			return err
		}
		return r.TakeArchived(ctx, c, rec.AggregateID(), have...)
	}
	return nil
}

func (r Roles) created(ctx context.Context, c *engine.Call, id string, e account.Created) error {
	if e.Role != account.RoleUser || e.OrganizationID == "" {
		return nil
	}
	o, err := r.Organizations.Load(ctx, e.OrganizationID)
	if err != nil || !o.State.Preset.HasStandardRole() {
		return err
	}
	return r.GiveStandard(ctx, c, e.OrganizationID, id)
}
