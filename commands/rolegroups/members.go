package rolegroups

import (
	"context"
	"slices"
	"sync"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/rolegroup"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

func membership(u UseCases) []engine.Command {
	guard := engine.Guard[account.State, account.Command, account.Event]{Aggregate: u.Accounts, Target: access.Account, Reach: u.Managed}
	return []engine.Command{
		engine.Handled("AssignRole", rights.ManageRoles, "Gives an account a role group of its organization, and so what the group permits.",
			u.assign, engine.ActsOn(access.Account), engine.UndoneBy[RevokeRole](), engine.Icon("plus")),
		engine.OneStream(guard, "RevokeRole", rights.ManageRoles, "Takes a role group from an account.",
			func(_ *engine.Call, in RevokeRole) (string, account.Command) {
				return in.AccountID, account.RevokeRole{RoleGroupID: in.RoleGroupID}
			}, engine.UndoneBy[AssignRole](), engine.Icon("x"), engine.TakesAway(), engine.KeepsOneself()),
	}
}

// AssignRole is the body of the command of that name.
type AssignRole struct {
	AccountID   string `json:"accountId" format:"uuid"`
	RoleGroupID string `json:"roleGroupId" format:"uuid" doc:"Of the account's organization."`
}

// RevokeRole is the body of the command of that name.
type RevokeRole struct {
	AccountID   string `json:"accountId" format:"uuid"`
	RoleGroupID string `json:"roleGroupId" format:"uuid"`
}

// assign gives an account a role group. The group is read, not locked: if it is archived in the same
// moment the reactor takes it back, and until then it permits nothing.
func (u UseCases) assign(ctx context.Context, c *engine.Call, in AssignRole) (engine.None, error) {
	id, holder, err := u.Managed(ctx, c, rights.ManageRoles, in.AccountID)
	if err != nil {
		return engine.None{}, err
	}
	groupID, group, err := u.reach(ctx, c, rights.ManageRoles, in.RoleGroupID)
	if err != nil {
		return engine.None{}, err
	}
	if group.OrganizationID != holder.OrganizationID {
		return engine.None{}, rolegroup.ErrNotFound
	}
	if err := group.InUse(); err != nil {
		return engine.None{}, err
	}
	_, err = u.Accounts.Decide(ctx, c, id, account.AssignRole{RoleGroupID: groupID, RoleGroup: group.Name}, engine.Step{Own: true})
	return engine.None{}, err
}

// Members counts in the log who has which role group, the first time from the beginning and then
// from where it was. An account that has a group does not get it again, so the events count.
type Members struct {
	engine *engine.Engine

	mu    sync.Mutex
	at    eventstore.Position
	count map[string]int // by role group
}

// Count returns how many accounts have a role group by now.
func (m *Members) Count(ctx context.Context, groupID string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.count == nil {
		m.count = map[string]int{}
	}
	err := m.follow(ctx, &m.at, func(_, group string, by int) {
		if m.count[group] += by; m.count[group] == 0 {
			delete(m.count, group)
		}
	})
	return m.count[groupID], err
}

// Of returns the accounts that have a role group, read from the beginning of the log.
func (m *Members) Of(ctx context.Context, groupID string) ([]string, error) {
	have := map[string]bool{}
	var at eventstore.Position
	err := m.follow(ctx, &at, func(account, group string, by int) {
		if group == groupID {
			have[account] = by > 0
		}
	})
	var ids []string
	for id, has := range have {
		if has {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids, err
}

// follow calls see with every change behind a position, and moves that to the last one.
func (m *Members) follow(ctx context.Context, at *eventstore.Position, see func(account, group string, by int)) error {
	filter := eventstore.Filter{Types: catalog.NamesOf(account.RoleAssigned{}, account.RoleRevoked{})}
	for entry, err := range m.engine.Journal().Store.ReadAll(ctx, *at, eventstore.Forwards, filter) {
		if err != nil {
			return err
		}
		event, rec, err := m.engine.Journal().Registry.DecodeSealed(entry)
		if err != nil {
			return err
		}
		switch e := event.(type) {
		case account.RoleAssigned:
			see(rec.AggregateID(), e.RoleGroupID, 1)
		case account.RoleRevoked:
			see(rec.AggregateID(), e.RoleGroupID, -1)
		}
		*at = eventstore.Later(*at, entry.Position)
	}
	return nil
}
