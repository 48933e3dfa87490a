package regions

import (
	"context"
	"errors"
	"strconv"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/region"
)

// AssignUsersToRegion is the body of the command of that name.
type AssignUsersToRegion struct {
	RegionID   string   `json:"regionId" format:"uuid"`
	AccountIDs []string `json:"accountIds" format:"uuid" doc:"Of the region's organization, at most 500. Who is there already stays."`
}

// RemoveUserFromRegion is the body of the command of that name.
type RemoveUserFromRegion struct {
	RegionID  string `json:"regionId" format:"uuid"`
	AccountID string `json:"accountId" format:"uuid"`
}

// assign assigns a region to accounts, all of them or none. They are read, not locked: if one is
// closed in the same moment the assignment stands, and gives nothing to whom can't sign in.
func (u UseCases) assign(ctx context.Context, c *engine.Call, in AssignUsersToRegion) (engine.None, error) {
	id, r, err := u.reach(ctx, c, rights.ManageRegions, in.RegionID)
	if err != nil {
		return engine.None{}, err
	}
	assign := region.Assign{AccountIDs: in.AccountIDs}
	if err := u.Regions.Check(ctx, c, id, false, assign); err != nil {
		return engine.None{}, err
	}
	var refused []error
	for i, accountID := range in.AccountIDs {
		err := u.assignable(ctx, c, r, accountID)
		if refusal, ok := errors.AsType[*domain.Error](err); ok {
			named := *refusal
			named.Field = "account_ids/" + strconv.Itoa(i)
			refused = append(refused, &named)
		} else if err != nil {
			return engine.None{}, err
		}
	}
	if err := errors.Join(refused...); err != nil {
		return engine.None{}, err
	}
	_, err = u.Regions.Decide(ctx, c, id, assign, engine.Step{Own: true})
	return engine.None{}, err
}

// assignable refuses an account that cannot be assigned a region, unless it has it already.
func (u UseCases) assignable(ctx context.Context, c *engine.Call, r region.State, accountID string) error {
	_, holder, err := u.Member(ctx, c, r.OrganizationID, accountID)
	if err == nil && holder.Closed && !r.Users.Has(accountID) {
		return account.ErrClosed
	}
	return err
}
