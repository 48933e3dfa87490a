package commands

import (
	"context"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// Principal answers who an account is at this moment, by its aggregates and not by a
// projection, so that a block works at once. ErrNotSignedIn if it may not be used (any more).
func (s *Service) Principal(ctx context.Context, accountID string) (rights.Principal, error) {
	ctx, cancel := s.patient(ctx)
	defer cancel()
	id, ok := parseID(accountID)
	if !ok {
		return rights.Principal{}, ErrNotSignedIn
	}
	f, err := s.accounts.load(ctx, id)
	if err != nil {
		return rights.Principal{}, err
	}
	if !f.state.CanLogIn(s.Now()) {
		return rights.Principal{}, ErrNotSignedIn
	}
	return s.principal(ctx, id, f.state)
}

// Authenticate answers whose API key it is. ErrNotSignedIn if it is nobody's (any more).
func (s *Service) Authenticate(ctx context.Context, apiKey string) (rights.Principal, error) {
	ctx, cancel := s.patient(ctx)
	defer cancel()
	credential, ok, err := s.Vault.FindAPIKey(ctx, apiKey)
	if err != nil {
		return rights.Principal{}, err
	}
	if !ok {
		return rights.Principal{}, ErrNotSignedIn
	}
	f, err := s.accounts.load(ctx, credential.Account)
	if err != nil {
		return rights.Principal{}, err
	}
	if !f.state.APIKeys[credential.ID] || !f.state.CanLogIn(s.Now()) {
		return rights.Principal{}, ErrNotSignedIn
	}
	p, err := s.principal(ctx, credential.Account, f.state)
	p.PasswordChangeRequired = false // a key is no password
	return p, err
}

func (s *Service) principal(ctx context.Context, id string, a account.State) (rights.Principal, error) {
	role, err := s.roleOf(ctx, id, a)
	return rights.Principal{
		Kind: eventstore.ActorAccount, AccountID: id, Name: a.Name, Role: role, Organization: a.OrganizationID,
		PasswordChangeRequired: a.PasswordChangeRequired,
	}, err
}

// roleOf answers what an account may do: the organization's own word decides who is an
// admin, whatever the account was created as.
func (s *Service) roleOf(ctx context.Context, id string, a account.State) (rights.Role, error) {
	switch a.Role {
	case account.RolePlatform:
		return rights.RolePlatform, nil
	case account.RoleCompliance:
		return rights.RoleCompliance, nil
	case account.RoleService:
		return rights.RoleService, nil
	}
	o, err := s.organizations.load(ctx, a.OrganizationID)
	if err != nil {
		return rights.RoleNone, err
	}
	if _, appointed := o.state.Admins[id]; appointed {
		return rights.RoleAdmin, nil
	}
	return rights.RoleUser, nil
}

// managed loads an account that the asker may manage: within reach, and not above what the
// asker could have created, lest somebody sets the password of a mightier account.
func (s *Service) managed(ctx context.Context, c *Call, accountID string, right rights.Right) (string, account.State, error) {
	if err := c.need(right); err != nil {
		return "", account.State{}, err
	}
	id, ok := parseID(accountID)
	if !ok {
		return "", account.State{}, account.ErrNotFound
	}
	f, err := s.accounts.see(ctx, c, id)
	if err != nil {
		return "", account.State{}, err
	}
	if !f.state.Exists {
		return "", account.State{}, account.ErrNotFound
	}
	if err := c.reach(right, f.state.OrganizationID, id, s.accounts.stream(id), account.ErrNotFound); err != nil {
		return "", account.State{}, err
	}
	role, err := s.roleOf(ctx, id, f.state)
	if err != nil {
		return "", account.State{}, err
	}
	if !c.Actor.MaySet(role) {
		return "", account.State{}, ErrDenied
	}
	return id, f.state, nil
}

// zone answers the time zone in which an organization's days end.
func zone(o organization.State) *time.Location {
	if loc, err := time.LoadLocation(o.Policies.TimeZone); err == nil && o.Policies.TimeZone != "" {
		return loc
	}
	return time.UTC
}
