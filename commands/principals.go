package commands

import (
	"context"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// Principal answers who an account is at this moment, by its aggregates and not by a
// projection, so that a block works at once. engine.ErrNotSignedIn if it may not be used (any more).
func (s *Service) Principal(ctx context.Context, accountID string) (rights.Principal, error) {
	ctx, cancel := s.Patient(ctx)
	defer cancel()
	id, ok := engine.ParseID(accountID)
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	f, err := s.accounts.Load(ctx, id)
	if err != nil {
		return rights.Principal{}, err
	}
	if !f.State.CanLogIn(s.Now()) {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	return s.principal(ctx, id, f.State)
}

// Authenticate answers whose API key it is. engine.ErrNotSignedIn if it is nobody's (any more).
func (s *Service) Authenticate(ctx context.Context, apiKey string) (rights.Principal, error) {
	ctx, cancel := s.Patient(ctx)
	defer cancel()
	credential, ok, err := s.Look().FindAPIKey(ctx, apiKey)
	if err != nil {
		return rights.Principal{}, err
	}
	if !ok {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	f, err := s.accounts.Load(ctx, credential.Account)
	if err != nil {
		return rights.Principal{}, err
	}
	if !f.State.APIKeys[credential.ID] || !f.State.CanLogIn(s.Now()) {
		return rights.Principal{}, engine.ErrNotSignedIn
	}
	p, err := s.principal(ctx, credential.Account, f.State)
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
	o, err := s.organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return rights.RoleNone, err
	}
	if _, appointed := o.State.Admins[id]; appointed {
		return rights.RoleAdmin, nil
	}
	return rights.RoleUser, nil
}

// managed loads an account that the asker may manage: within reach, and not above what the
// asker could have created, lest somebody sets the password of a mightier account.
func (s *Service) managed(ctx context.Context, c *engine.Call, accountID string, right rights.Right) (string, account.State, error) {
	if err := c.Need(right); err != nil {
		return "", account.State{}, err
	}
	id, ok := engine.ParseID(accountID)
	if !ok {
		return "", account.State{}, account.ErrNotFound
	}
	f, err := s.accounts.See(ctx, c, id)
	if err != nil {
		return "", account.State{}, err
	}
	if !f.State.Exists {
		return "", account.State{}, account.ErrNotFound
	}
	if err := c.Reach(right, f.State.OrganizationID, id, s.accounts.Stream(id), account.ErrNotFound); err != nil {
		return "", account.State{}, err
	}
	role, err := s.roleOf(ctx, id, f.State)
	if err != nil {
		return "", account.State{}, err
	}
	if !c.Actor.MaySet(role) {
		return "", account.State{}, engine.ErrDenied
	}
	return id, f.State, nil
}

// zone answers the time zone in which an organization's days end.
func zone(o organization.State) *time.Location {
	if loc, err := time.LoadLocation(o.Policies.TimeZone); err == nil && o.Policies.TimeZone != "" {
		return loc
	}
	return time.UTC
}
