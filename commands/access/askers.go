package access

import (
	"context"
	"fmt"
	"slices"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// Principal returns who an account is at this moment. If the account may not be used (any more),
// it returns engine.ErrNotSignedIn. It asks the vault, and the log only about an account that
// never asked before, so that those who are signed in go on without the log. What a command
// changed is in the vault before the command returns, in whatever process, so that a block works
// at once.
func (a Access) Principal(ctx context.Context, accountID string) (rights.Principal, error) {
	id, ok := engine.ParseID(accountID)
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	known, err := a.asker(ctx, id)
	if err != nil {
		return rights.Principal{}, err
	}
	return known.principal(a, id)
}

// Authenticate returns whose API key it is. If the key is nobody's (any more), it returns
// engine.ErrNotSignedIn.
func (a Access) Authenticate(ctx context.Context, apiKey string) (rights.Principal, error) {
	credential, ok, err := a.Engine.Look().FindAPIKey(ctx, apiKey)
	if err != nil {
		return rights.Principal{}, err
	}
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	known, err := a.asker(ctx, credential.Account)
	if err != nil {
		return rights.Principal{}, err
	}
	if !slices.Contains(known.APIKeys, credential.ID) {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	p, err := known.principal(a, credential.Account)
	p.PasswordChangeRequired = false // a key is no password
	return p, err
}

// Holder returns who an account is by the log.
func (a Access) Holder(ctx context.Context, id string, holder account.State) (rights.Principal, error) {
	role, err := roleBy(ctx, id, holder, a.Organizations.Load)
	return askerOf(holder).as(id, role), err
}

// roleBy returns what an account may do, by the log. look returns an organization.
func roleBy(ctx context.Context, id string, holder account.State, look func(ctx context.Context, id string) (engine.Folded[organization.State], error)) (rights.Role, error) {
	var o organization.State
	if decidedByOrganization(holder.Role) {
		f, err := look(ctx, holder.OrganizationID)
		if err != nil {
			return rights.RoleNone, err
		}
		o = f.State
	}
	_, appointed := o.Admins[id]
	return roleOf(holder.Role, appointed), nil
}

// Beside has commands on an account read the account's organization at the same time, since what the
// account's role is depends on it. Which one that is is known if the account was seen before;
// otherwise it is probably that of the asker.
func (a Access) Beside() {
	a.Accounts.Beside(func(c *engine.Call, known account.State) []engine.Read {
		switch {
		case known.Exists:
			return []engine.Read{a.Organizations.Read(known.OrganizationID)}
		case c.Actor.Organization != rights.PlatformOrganization && c.Actor.Organization != "":
			return []engine.Read{a.Organizations.Read(c.Actor.Organization)}
		}
		return nil
	})
}

// decidedByOrganization says whether an account of a role is an administrator by the word of
// its organization, whatever role the account was created with.
func decidedByOrganization(r account.Role) bool {
	return r == account.RoleUser || r == account.RoleAdmin
}

func roleOf(created account.Role, appointed bool) rights.Role {
	switch {
	case !decidedByOrganization(created):
		return rights.Role(created)
	case appointed:
		return rights.RoleAdmin
	default:
		return rights.RoleUser
	}
}

// asker returns what is known of an account that asks.
func (a Access) asker(ctx context.Context, id string) (asker, error) {
	ctx, cancel := a.Engine.Patient(ctx)
	defer cancel()
	known, ok, err := a.Known.find(ctx, a.Accounts.Stream(id), id)
	if err != nil || ok {
		return known, err
	}
	return a.learn(ctx, id)
}

// learn reads an asker from the log, and keeps in the vault what is known then. A row that is
// expected before the log is read misses no change that comes after.
func (a Access) learn(ctx context.Context, id string) (asker, error) {
	f, err := a.Accounts.Load(ctx, id)
	if err != nil || !f.State.Exists {
		return asker{}, err
	}
	stream, beside := a.Accounts.Stream(id), a.Organizations.Stream(f.State.OrganizationID)
	if err := a.Known.vault.ExpectAsker(ctx, stream, beside); err != nil {
		return asker{}, err
	}
	if f, err = a.Accounts.Load(ctx, id); err != nil {
		return asker{}, err
	}
	o, err := a.Organizations.Load(ctx, f.State.OrganizationID)
	if err != nil {
		return asker{}, err
	}
	if err := a.Known.keep(ctx, stream, f.Revision(), askerOf(f.State)); err != nil {
		return asker{}, err
	}
	if err := a.Known.keep(ctx, beside, o.Revision(), adminsOf(o.State)); err != nil {
		return asker{}, err
	}
	known := askerOf(f.State)
	_, known.appointed = o.State.Admins[id]
	return known, nil
}

// Follow keeps in the vault what commands change of those who ask, before the commands return.
func (a Access) Follow() {
	a.Accounts.OnMoved(func(ctx context.Context, id string, before, after engine.Folded[account.State]) error {
		return follow(ctx, a.Known, a.Accounts.Stream(id), before, after, askerOf)
	})
	a.Organizations.OnMoved(func(ctx context.Context, id string, before, after engine.Folded[organization.State]) error {
		return follow(ctx, a.Known, a.Organizations.Stream(id), before, after, adminsOf)
	})
}

// CatchUp keeps in the vault what follows from the stream of an account or organization, if it
// is known there only up to an earlier revision: because a program ended between its append and
// the vault.
func (a Access) CatchUp(ctx context.Context, rec eventstore.Record) error {
	if rec.Revision == 0 {
		return nil // of a stream that begins, nothing was known before
	}
	known, ok, err := a.Known.vault.AskerRevision(ctx, rec.Stream)
	if err != nil || !ok || known >= rec.Revision {
		return err
	}
	id := rec.AggregateID()
	switch rec.Stream {
	case a.Accounts.Stream(id):
		f, err := a.Accounts.Load(ctx, id)
		if err != nil {
			return err
		}
		return a.Known.keep(ctx, rec.Stream, f.Revision(), askerOf(f.State))
	case a.Organizations.Stream(id):
		f, err := a.Organizations.Load(ctx, id)
		if err != nil {
			return err
		}
		return a.Known.keep(ctx, rec.Stream, f.Revision(), adminsOf(f.State))
	}
	return fmt.Errorf("catch up with who asks: %s is neither an account nor an organization", rec.Stream)
}
