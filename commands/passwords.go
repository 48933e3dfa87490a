package commands

import (
	"context"

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
func (s *Service) SetPassword(ctx context.Context, c *Call, in SetPassword) (PasswordSet, error) {
	id, a, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return PasswordSet{}, err
	}
	o, err := s.organizations.see(ctx, c, a.OrganizationID)
	if err != nil {
		return PasswordSet{}, err
	}
	password := in.Password
	if password == "" && in.GeneratePassword {
		password = vault.GeneratePassword(o.state.Policies.Password.MinLength)
	}
	if password == "" {
		return PasswordSet{}, account.ErrPasswordRequired
	}
	set := account.SetPassword{CredentialID: secretID(), Generated: in.Password == "", Keep: in.KeepPassword}
	if err := check(ctx, c, s.accounts, id, false, account.Command(set)); err != nil {
		return PasswordSet{}, err
	}
	if err := goodPassword(o.state, password, a.Username); err != nil {
		return PasswordSet{}, err
	}
	done, err := s.replacePassword(ctx, c, id, a.PasswordID, password, set.CredentialID, set)
	if err != nil || c.DryRun || !set.Generated || done.PasswordID != set.CredentialID {
		return PasswordSet{}, err
	}
	return PasswordSet{Password: password}, nil
}

// ChangePassword replaces the asker's own password, after the current one.
func (s *Service) ChangePassword(ctx context.Context, c *Call, in ChangePassword) (None, error) {
	if err := c.need(rights.OwnAccount); err != nil {
		return None{}, err
	}
	id := c.Actor.AccountID
	f, err := s.accounts.see(ctx, c, id)
	if err != nil {
		return None{}, err
	}
	if err := c.reach(rights.OwnAccount, f.state.OrganizationID, id, s.accounts.stream(id), account.ErrNotFound); err != nil {
		return None{}, err
	}
	o, err := s.organizations.see(ctx, c, f.state.OrganizationID)
	if err != nil {
		return None{}, err
	}
	if err := goodPassword(o.state, in.Password, f.state.Username); err != nil {
		return None{}, err
	}
	change := account.ChangePassword{CredentialID: secretID(), Now: c.Now}
	if err := check(ctx, c, s.accounts, id, false, account.Command(change)); err != nil {
		return None{}, err
	}
	right, err := s.Vault.VerifyPassword(ctx, f.state.PasswordID, in.CurrentPassword)
	switch {
	case err != nil:
		return None{}, err
	case !right:
		return None{}, ErrPasswordWrong
	}
	_, err = s.replacePassword(ctx, c, id, f.state.PasswordID, in.Password, change.CredentialID, change)
	return None{}, err
}

// replacePassword keeps the new password, appends, and ends what the old one opened.
func (s *Service) replacePassword(ctx context.Context, c *Call, id, old, password, credentialID string, command account.Command) (account.State, error) {
	if !c.DryRun {
		if err := s.Vault.SetPassword(ctx, vault.Password{ID: credentialID, Account: id, Plain: password}); err != nil {
			return account.State{}, err
		}
	}
	done, err := s.accounts.decide(ctx, c, id, command, step{own: true})
	if err != nil || !done.moved || c.DryRun {
		return done.state, err
	}
	if old != "" {
		if err := s.Vault.Revoke(context.WithoutCancel(ctx), old); err != nil {
			s.Log.ErrorContext(ctx, "an old password could not be revoked", "credential", old, "error", err)
		}
	}
	// The edge gives the asker's own browser a new session.
	if _, err := s.Sessions.EndAll(context.WithoutCancel(ctx), id, ""); err != nil {
		s.Log.ErrorContext(ctx, "sessions could not be ended", "error", err)
	}
	return done.state, nil
}

// IssueAPIKey makes a key for a service account. The key is answered this once.
func (s *Service) IssueAPIKey(ctx context.Context, c *Call, in IssueAPIKey) (APIKeyMade, error) {
	id, _, err := s.managed(ctx, c, in.AccountID, rights.ManageAPIKeys)
	if err != nil {
		return APIKeyMade{}, err
	}
	// The id does not follow from an idempotency key: a key that was made and not answered
	// can't be told again, so the repetition makes another.
	keyID := secretID()
	issue := account.IssueAPIKey{KeyID: keyID, Name: in.Name, Prefix: "dry-run"}
	if err := check(ctx, c, s.accounts, id, false, account.Command(issue)); err != nil {
		return APIKeyMade{}, err
	}
	made := APIKeyMade{KeyID: keyID}
	if !c.DryRun {
		if made.Key, issue.Prefix, err = s.Vault.MakeAPIKey(ctx, vault.NewSecret{ID: keyID, Account: id}); err != nil {
			return APIKeyMade{}, err
		}
	}
	done, err := s.accounts.decide(ctx, c, id, issue, step{own: true})
	if err == nil && !done.state.APIKeys[keyID] {
		return APIKeyMade{}, ErrKeyLost
	}
	return made, err
}

// RevokeAPIKey ends a key. The account's event comes first: it is what decides.
func (s *Service) RevokeAPIKey(ctx context.Context, c *Call, in RevokeAPIKey) (None, error) {
	id, _, err := s.managed(ctx, c, in.AccountID, rights.ManageAPIKeys)
	if err != nil {
		return None{}, err
	}
	if _, err := s.accounts.decide(ctx, c, id, account.RevokeAPIKey{KeyID: in.KeyID}, step{own: true}); err != nil || c.DryRun {
		return None{}, err
	}
	return None{}, s.Vault.Revoke(ctx, in.KeyID)
}
