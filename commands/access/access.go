// Package access finds out who asks, and what a command may reach of accounts and organizations.
// Who asks is known from the vault, which commands keep up to date before they return; what a
// command reaches is known from the aggregates. Neither is a projection, so a block works at once.
package access

import (
	"context"

	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// Access is what the areas share. It implements engine.Askers.
type Access struct {
	Engine        *engine.Engine
	Known         *Known
	Accounts      *aggregates.Accounts
	Organizations *aggregates.Organizations
}

// Managed returns an account that the asker may manage: it is within reach, and its role is one
// that the asker could have created it with, so that nobody sets the password of a mightier
// account.
func (a Access) Managed(ctx context.Context, c *engine.Call, right rights.Right, accountID string) (string, account.State, error) {
	id, s, err := a.Accounts.Reached(ctx, c, right, accountID, account.ErrNotFound, OwnerOf)
	if err != nil {
		return "", account.State{}, err
	}
	role, err := roleBy(ctx, id, s, func(ctx context.Context, id string) (engine.Folded[organization.State], error) {
		return a.Organizations.See(ctx, c, id)
	})
	if err != nil {
		return "", account.State{}, err
	}
	if !c.Actor.MaySet(role) {
		return "", account.State{}, engine.ErrDenied
	}
	return id, s, nil
}

// OwnerOf says whose an account is: its organization's and its own.
func OwnerOf(id string, s account.State) engine.Owner {
	return engine.Owner{Exists: s.Exists, Organization: s.OrganizationID, Account: id}
}

// Organization returns an organization within the reach of a right.
func (a Access) Organization(ctx context.Context, c *engine.Call, right rights.Right, given string) (string, organization.State, error) {
	if err := c.Need(right); err != nil {
		return "", organization.State{}, err
	}
	id, ok := engine.ParseID(given)
	if !ok {
		return "", organization.State{}, organization.ErrNotFound
	}
	if err := c.Reach(right, id, "", a.Organizations.Stream(id), organization.ErrNotFound); err != nil {
		return "", organization.State{}, err
	}
	f, err := a.Organizations.See(ctx, c, id)
	if err == nil && !f.State.Exists {
		err = organization.ErrNotFound
	}
	return id, f.State, err
}

// Member returns an account of an organization.
func (a Access) Member(ctx context.Context, c *engine.Call, organizationID, accountID string) (string, account.State, error) {
	id, ok := engine.ParseID(accountID)
	if !ok {
		return "", account.State{}, account.ErrNotFound
	}
	f, err := a.Accounts.See(ctx, c, id)
	if err == nil && (!f.State.Exists || f.State.OrganizationID != organizationID) {
		err = account.ErrNotFound
	}
	return id, f.State, err
}

// AccountGuard lets an asker reach the accounts that Managed returns.
func (a Access) AccountGuard() engine.Guard[account.State, account.Command, account.Event] {
	return engine.Guard[account.State, account.Command, account.Event]{Aggregate: a.Accounts, Target: Account, Reach: a.Managed}
}

// OrganizationGuard lets an asker reach the organizations that Organization returns.
func (a Access) OrganizationGuard() engine.Guard[organization.State, organization.Command, organization.Event] {
	return engine.Guard[organization.State, organization.Command, organization.Event]{Aggregate: a.Organizations, Target: Organization, Reach: a.Organization}
}

// Account and Organization are what commands act on.
var (
	Account      = engine.Target{Category: "account", Member: "accountId"}
	Organization = engine.Target{Category: "organization", Member: "organizationId"}
)
