package answers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"sleutelbos/domain/rolegroup"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountfacts"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/rolegrouplist"
)

// AccountPermissions says what an account may do in the systems behind this one at a moment, and why.
type AccountPermissions struct {
	AccountID   string              `json:"accountId" format:"uuid"`
	At          string              `json:"at" format:"date-time" doc:"The moment that it is about."`
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

// PermissionsOf returns what an account may do now. A group that is not visible yet permits nothing.
func (s Source) PermissionsOf(ctx context.Context, account accountfacts.Facts) (AccountPermissions, error) {
	groups, err := rolegrouplist.ByID(ctx, s.DB, account.Roles)
	if err != nil {
		return AccountPermissions{}, err
	}
	had := make([]rolegroup.Had, len(groups))
	for i, g := range groups {
		had[i] = rolegroup.Had{ID: g.ID, State: g.State()}
	}
	return permissionsAt(account, had, s.Now()), nil
}

// Permissions returns what an account could do at a time, by the role groups that it had then and what
// those permitted then. Before its first event the account was not there, and it returns false.
func (p Past) Permissions(ctx context.Context, accountID string, at time.Time) (AccountPermissions, bool, error) {
	point, err := p.AtTime(ctx, accountID, at)
	if err != nil {
		return AccountPermissions{}, false, err
	}
	row, _, err := p.row(ctx, accountID, point)
	if err != nil || row == nil {
		return AccountPermissions{}, false, err
	}
	had := make([]rolegroup.Had, len(row.Roles))
	for i, id := range row.Roles {
		had[i].ID = id
		if had[i].State, err = p.roleGroup(ctx, id, at); err != nil {
			return AccountPermissions{}, false, err
		}
	}
	slices.SortFunc(had, func(a, b rolegroup.Had) int {
		return cmp.Or(cmp.Compare(typed.SortKey(a.Name), typed.SortKey(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return permissionsAt(row.Facts, had, at), true, nil
}

// roleGroup returns a role group as it was at a time.
func (p Past) roleGroup(ctx context.Context, id string, at time.Time) (rolegroup.State, error) {
	var state rolegroup.State
	for row, err := range audithistory.All(ctx, p.Source.DB, audithistory.Filter{Stream: "rolegroup-" + id}, listing.Query{}) {
		if err != nil {
			return state, err
		}
		if row.OccurredAt.After(at) {
			break
		}
		line, err := p.Source.Opener.Open(ctx, row)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return state, err
		}
		if event, ok := line.Event.(rolegroup.Event); ok {
			state = rolegroup.Decider.Evolve(state, event)
		}
	}
	return state, nil
}

// permissionsAt judges an account with its role groups by the rules of the domain.
func permissionsAt(account accountfacts.Facts, had []rolegroup.Had, at time.Time) AccountPermissions {
	found := AccountPermissions{
		AccountID: account.ID, At: at.UTC().Format(time.RFC3339Nano), CanLogIn: account.CanLogIn(at), Badge: account.Badge(at), RoleGroups: []RoleOfAccount{},
	}
	for _, g := range had {
		found.RoleGroups = append(found.RoleGroups, RoleOfAccount{ID: g.ID, Name: g.Name})
	}
	for _, v := range rolegroup.Judge(found.CanLogIn, had) {
		found.Permissions = append(found.Permissions, PermissionVerdict{
			Permission: string(v.Permission), Allowed: v.Allowed, RoleGroups: append([]string{}, v.By...), Because: Maybe(string(v.Because)),
		})
	}
	return found
}
