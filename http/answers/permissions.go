package answers

import (
	"context"

	"sleutelbos/domain/rolegroup"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/rolegrouplist"
)

// AccountPermissions says what an account may do in the systems behind this one, and why.
type AccountPermissions struct {
	AccountID   string              `json:"accountId" format:"uuid"`
	CanLogIn    bool                `json:"canLogIn" doc:"Nothing is permitted to an account that cannot."`
	Badge       string              `json:"badge" doc:"The strongest reason why it cannot, as in the list of accounts."`
	RoleGroups  []RoleOfAccount     `json:"roleGroups"`
	Permissions []PermissionVerdict `json:"permissions" doc:"Every permission there is. What no role group gives is denied."`
}

// RoleOfAccount is a role group that an account has.
type RoleOfAccount struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
}

// PermissionVerdict says whether the account may do what a permission names.
type PermissionVerdict struct {
	Permission string   `json:"permission"`
	Allowed    bool     `json:"allowed"`
	RoleGroups []string `json:"roleGroups" doc:"The ids of those that give it."`
	Because    *string  `json:"because" doc:"Why not: account_not_usable, no_roles or not_granted."`
}

// PermissionsTables are the read models that permissions are found in.
var PermissionsTables = []string{Accounts.Whole.Table, RoleGroups.Whole.Table}

// PermissionsOf returns what an account may do, by the rules of the domain, and the role groups that
// it has. A group that is not visible yet permits nothing.
func (s Source) PermissionsOf(ctx context.Context, account accountfacts.Facts) (AccountPermissions, []rolegrouplist.Item, error) {
	groups, err := rolegrouplist.ByID(ctx, s.DB, account.Roles)
	if err != nil {
		return AccountPermissions{}, nil, err
	}
	now := s.Now()
	found := AccountPermissions{AccountID: account.ID, CanLogIn: account.CanLogIn(now), Badge: account.Badge(now), RoleGroups: []RoleOfAccount{}}
	var had []rolegroup.Had
	for _, g := range groups {
		had = append(had, rolegroup.Had{ID: g.ID, State: g.State()})
		found.RoleGroups = append(found.RoleGroups, RoleOfAccount{ID: g.ID, Name: g.Name})
	}
	for _, v := range rolegroup.Judge(found.CanLogIn, had) {
		found.Permissions = append(found.Permissions, PermissionVerdict{
			Permission: string(v.Permission), Allowed: v.Allowed, RoleGroups: append([]string{}, v.By...), Because: Maybe(string(v.Because)),
		})
	}
	return found, groups, nil
}
