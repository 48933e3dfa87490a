package commands

import (
	"context"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore/vault"
)

// ErrPasswordWrong refuses a change of password whose current one is not right.
var ErrPasswordWrong = domain.InvalidCode("current_password", "current-password-wrong", "The current password is not right.")

// ErrKeyLost answers a repeated command whose first answer was lost.
var ErrKeyLost = domain.Rule("api-key-answer-lost", "The key was made but cannot be shown again. Revoke it and make another.")

// SetPassword replaces an account's password by an administrator's or a generated one,
// which the holder has to change at the next sign-in unless it is kept. Sessions end.
func (s *Service) SetPassword(ctx context.Context, c *engine.Call, in SetPassword) (PasswordSet, error) {
	id, a, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return PasswordSet{}, err
	}
	o, err := s.organizations.See(ctx, c, a.OrganizationID)
	if err != nil {
		return PasswordSet{}, err
	}
	password := in.Password
	if password == "" && in.GeneratePassword {
		password = vault.GeneratePassword(o.State.Policies.Password.MinLength)
	}
	if password == "" {
		return PasswordSet{}, account.ErrPasswordRequired
	}
	set := account.SetPassword{CredentialID: engine.SecretID(), Generated: in.Password == "", Keep: in.KeepPassword}
	if err := s.accounts.Check(ctx, c, id, false, account.Command(set)); err != nil {
		return PasswordSet{}, err
	}
	if err := goodPassword(o.State, password, a.Username); err != nil {
		return PasswordSet{}, err
	}
	done, err := s.replacePassword(ctx, c, id, a.PasswordID, password, set.CredentialID, set)
	if err != nil || c.DryRun || !set.Generated || done.PasswordID != set.CredentialID {
		return PasswordSet{}, err
	}
	return PasswordSet{Password: password}, nil
}

// ChangePassword replaces the asker's own password, after the current one.
func (s *Service) ChangePassword(ctx context.Context, c *engine.Call, in ChangePassword) (engine.None, error) {
	if err := c.Need(rights.OwnAccount); err != nil {
		return engine.None{}, err
	}
	id := c.Actor.AccountID
	f, err := s.accounts.See(ctx, c, id)
	if err != nil {
		return engine.None{}, err
	}
	if err := c.Reach(rights.OwnAccount, f.State.OrganizationID, id, s.accounts.Stream(id), account.ErrNotFound); err != nil {
		return engine.None{}, err
	}
	o, err := s.organizations.See(ctx, c, f.State.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	if err := goodPassword(o.State, in.Password, f.State.Username); err != nil {
		return engine.None{}, err
	}
	change := account.ChangePassword{CredentialID: engine.SecretID(), Now: c.Now}
	if err := s.accounts.Check(ctx, c, id, false, account.Command(change)); err != nil {
		return engine.None{}, err
	}
	right, err := s.Look().VerifyPassword(ctx, f.State.PasswordID, in.CurrentPassword)
	switch {
	case err != nil:
		return engine.None{}, err
	case !right:
		return engine.None{}, ErrPasswordWrong
	}
	_, err = s.replacePassword(ctx, c, id, f.State.PasswordID, in.Password, change.CredentialID, change)
	return engine.None{}, err
}

// replacePassword keeps the new password, appends, and ends what the old one opened.
func (s *Service) replacePassword(ctx context.Context, c *engine.Call, id, old, password, credentialID string, command account.Command) (account.State, error) {
	if err := c.Vault().SetPassword(ctx, vault.Password{ID: credentialID, Account: id, Plain: password}); err != nil {
		return account.State{}, err
	}
	done, err := s.accounts.Decide(ctx, c, id, command, engine.Step{Own: true})
	if err != nil || !done.Moved || c.DryRun {
		return done.State, err
	}
	if old != "" {
		if err := c.Vault().Revoke(context.WithoutCancel(ctx), old); err != nil {
			s.Log().ErrorContext(ctx, "an old password could not be revoked", "credential", old, "error", err)
		}
	}
	// The edge gives the asker's own browser a new session.
	c.EndSessions(context.WithoutCancel(ctx), id)
	return done.State, nil
}

// IssueAPIKey makes a key for a service account. The key is answered this once.
func (s *Service) IssueAPIKey(ctx context.Context, c *engine.Call, in IssueAPIKey) (APIKeyMade, error) {
	id, _, err := s.managed(ctx, c, in.AccountID, rights.ManageAPIKeys)
	if err != nil {
		return APIKeyMade{}, err
	}
	// The id does not follow from an idempotency key: a key that was made and not answered
	// can't be told again, so the repetition makes another.
	keyID := engine.SecretID()
	issue := account.IssueAPIKey{KeyID: keyID, Name: in.Name, Prefix: "to-be-made"}
	if err := s.accounts.Check(ctx, c, id, false, account.Command(issue)); err != nil {
		return APIKeyMade{}, err
	}
	made := APIKeyMade{KeyID: keyID}
	if made.Key, issue.Prefix, err = c.Vault().MakeAPIKey(ctx, vault.NewSecret{ID: keyID, Account: id}); err != nil {
		return APIKeyMade{}, err
	}
	done, err := s.accounts.Decide(ctx, c, id, issue, engine.Step{Own: true})
	if err == nil && !done.State.APIKeys[keyID] {
		return APIKeyMade{}, ErrKeyLost
	}
	return made, err
}

// RevokeAPIKey ends a key. The account's event comes first: it is what decides.
func (s *Service) RevokeAPIKey(ctx context.Context, c *engine.Call, in RevokeAPIKey) (engine.None, error) {
	id, _, err := s.managed(ctx, c, in.AccountID, rights.ManageAPIKeys)
	if err != nil {
		return engine.None{}, err
	}
	if _, err := s.accounts.Decide(ctx, c, id, account.RevokeAPIKey{KeyID: in.KeyID}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	return engine.None{}, c.Vault().Revoke(ctx, in.KeyID)
}
