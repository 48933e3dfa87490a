package access

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
)

// Principal returns who an account is at this moment, by its aggregates and not by a projection,
// so that a block works at once. If the account may not be used (any more), it returns
// engine.ErrNotSignedIn.
func (a Access) Principal(ctx context.Context, accountID string) (rights.Principal, error) {
	ctx, cancel := a.Engine.Patient(ctx)
	defer cancel()
	id, ok := engine.ParseID(accountID)
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	f, err := a.Accounts.Load(ctx, id)
	if err != nil {
		return rights.Principal{}, err
	}
	if !f.State.CanLogIn(a.Engine.Now()) {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	return a.Holder(ctx, id, f.State)
}

// Authenticate returns whose API key it is. If the key is nobody's (any more), it returns
// engine.ErrNotSignedIn.
func (a Access) Authenticate(ctx context.Context, apiKey string) (rights.Principal, error) {
	ctx, cancel := a.Engine.Patient(ctx)
	defer cancel()
	credential, ok, err := a.Engine.Look().FindAPIKey(ctx, apiKey)
	if err != nil {
		return rights.Principal{}, err
	}
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	f, err := a.Accounts.Load(ctx, credential.Account)
	if err != nil {
		return rights.Principal{}, err
	}
	if !f.State.APIKeys[credential.ID] || !f.State.CanLogIn(a.Engine.Now()) {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	p, err := a.Holder(ctx, credential.Account, f.State)
	p.PasswordChangeRequired = false // a key is no password
	return p, err
}

func (a Access) Holder(ctx context.Context, id string, holder account.State) (rights.Principal, error) {
	role, err := a.roleOf(ctx, id, holder)
	return rights.Principal{
		Kind: eventstore.ActorAccount, AccountID: id, Name: holder.Name, Role: role, Organization: holder.OrganizationID,
		PasswordChangeRequired: holder.PasswordChangeRequired,
	}, err
}

// roleOf returns what an account may do. Whether it is an administrator is decided by its
// organization, whatever role the account was created with.
func (a Access) roleOf(ctx context.Context, id string, holder account.State) (rights.Role, error) {
	switch holder.Role {
	case account.RolePlatform:
		return rights.RolePlatform, nil
	case account.RoleCompliance:
		return rights.RoleCompliance, nil
	case account.RoleService:
		return rights.RoleService, nil
	}
	o, err := a.Organizations.Load(ctx, holder.OrganizationID)
	if err != nil {
		return rights.RoleNone, err
	}
	if _, appointed := o.State.Admins[id]; appointed {
		return rights.RoleAdmin, nil
	}
	return rights.RoleUser, nil
}
