package rolegroups

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/rolegroup"
)

// standardGroups is the namespace of the ids of the groups Standaard.
var standardGroups = uuid.MustParse("0c1f7d52-5f0b-5b0e-9a41-8f1d2f6e7a90")

// StandardID returns the id of the group Standaard of an organization.
func StandardID(organizationID string) string {
	return uuid.NewSHA1(standardGroups, []byte(organizationID)).String()
}

// MakeStandard makes the group Standaard of an organization whose preset has one (O-10), unless it
// was made before, whatever became of it since.
func (u UseCases) MakeStandard(ctx context.Context, c *engine.Call, organizationID string) error {
	id := StandardID(organizationID)
	f, err := u.Groups.Load(ctx, id)
	if err != nil || f.State.Exists {
		return err
	}
	return u.open(ctx, c, id, false, rolegroup.Create{OrganizationID: organizationID, Name: rolegroup.StandardName, Permissions: rolegroup.StandardPermissions()}, nil) // its preset says so
}

// GiveStandard gives a new account the group Standaard of its organization, unless it had a role by
// now, or the group is no longer in use.
func (u UseCases) GiveStandard(ctx context.Context, c *engine.Call, organizationID, accountID string) error {
	id := StandardID(organizationID)
	f, err := u.Groups.Load(ctx, id)
	if err != nil || f.State.InUse() != nil {
		return err
	}
	_, err = u.Accounts.Decide(ctx, c, accountID, account.AssignRole{RoleGroupID: id, RoleGroup: f.State.Name, First: true}, engine.Step{})
	if errors.Is(err, account.ErrClosed) {
		return nil // nothing is due to it any more
	}
	return err
}

// TakeArchived takes an archived group from whoever got it in the moment in which it was archived.
func (u UseCases) TakeArchived(ctx context.Context, c *engine.Call, groupID string, accountIDs ...string) error {
	f, err := u.Groups.Load(ctx, groupID)
	if err != nil || !f.State.Archived {
		return err
	}
	for _, id := range accountIDs {
		if _, err := u.Accounts.Decide(ctx, c, id, account.RevokeRole{RoleGroupID: groupID}, engine.Step{}); err != nil {
			return err
		}
	}
	return nil
}
