package accounts

import (
	"context"

	"golang.org/x/sync/errgroup"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Opening is an account about to be opened.
type Opening struct {
	ID             string
	Fresh          bool // the id was made for this call
	OrganizationID string
	Organization   organization.State
	Create         account.Create
	Password       string // empty if it is chosen later
}

// appointed says whether the account becomes an administrator of its organization. The
// provider's people do too, so that the last of them can't be shut out. The provider's programs
// don't.
func (n Opening) appointed() bool {
	return n.Create.Role == account.RoleAdmin ||
		n.Create.Role == account.RolePlatform && (n.Create.Channel != account.ChannelSetup || n.Password != "")
}

// allowed refuses a way to a first password that the organization does not have. A program's account
// has keys and no password, and the provider's first account is made before there are rules.
func (n Opening) allowed() error {
	if n.Create.Role == account.RoleService || n.Create.Channel == account.ChannelSetup {
		return nil
	}
	return n.Organization.MayStartBy(n.Create.Channel)
}

// Open claims the username, keeps the secrets, appends the account's events, and appoints it if
// it is an administrator.
func (u UseCases) Open(ctx context.Context, c *engine.Call, n Opening) (account.State, error) {
	var err error
	n.Create.UsernameReservation, err = u.claimable(ctx, c, n.OrganizationID, n.Organization, n.Create.Role, n.Create.Username, "")
	if err != nil {
		return account.State{}, err
	}
	c.Concerns(n.OrganizationID, "", u.Accounts.Stream(n.ID))
	opens, err := u.Accounts.Would(ctx, c, n.ID, n.Fresh, n.Create)
	if err != nil {
		return account.State{}, err
	}
	if n.Password != "" {
		if err := access.GoodPassword(n.Organization, n.Password, n.Create.Username); err != nil {
			return account.State{}, err
		}
	}
	claims := c.Claims()
	if opens {
		if err := n.allowed(); err != nil {
			return account.State{}, err
		}
		if err := u.prepare(ctx, c, n, claims); err != nil {
			return account.State{}, claims.GiveBack(ctx, err)
		}
	}
	done, err := u.Accounts.Decide(ctx, c, n.ID, n.Create, engine.Step{Own: true, New: n.Fresh})
	if err != nil {
		return account.State{}, claims.GiveBack(ctx, err)
	}
	c.Concerns(n.OrganizationID, n.ID, u.Accounts.Stream(n.ID))
	if n.appointed() {
		if _, err := u.Organizations.Decide(ctx, c, n.OrganizationID, organization.Appoint{AccountID: n.ID}, engine.Step{}); err != nil {
			return account.State{}, err
		}
		u.Admins.SettleOrLog(ctx, c, n.OrganizationID, n.ID)
	}
	return done.State, nil
}

// prepare makes what the account's events rest on, all at once: the claim of the username, the
// key of the person, and the secrets. What is left of it after a refusal opens nothing. Without
// a password the claim can wait for the events, because no secret has to be kept first.
func (u UseCases) prepare(ctx context.Context, c *engine.Call, n Opening, claims *engine.Claims) error {
	if n.Create.Password == nil {
		return claims.Wait(ctx, reservation.KindUsername, n.Create.UsernameReservation, n.ID)
	}
	if c.DryRun {
		return claims.Take(ctx, reservation.KindUsername, n.Create.UsernameReservation, n.ID)
	}
	work, within := errgroup.WithContext(ctx)
	work.Go(func() error {
		_, err := c.Keys().Key(within, eventstore.AccountSubject(n.ID), true)
		return err
	})
	// The claim is not canceled by the others' failure: its outcome must be known.
	err := claims.Take(ctx, reservation.KindUsername, n.Create.UsernameReservation, n.ID)
	if failed := work.Wait(); err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	return c.Vault().SetPassword(ctx, vault.Password{ID: n.Create.Password.CredentialID, Account: n.ID, Plain: n.Password})
}
