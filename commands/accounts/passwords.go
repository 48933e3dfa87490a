package accounts

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore/vault"
)

func passwords(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("SetPassword", rights.ManageAccounts, "Gives an account a password chosen by an administrator, or generated.",
			u.setPassword, onAccount, engine.Icon("lock")),
		engine.OneStream(u.AccountGuard(), "HandOverCredentials", rights.ManageAccounts,
			"Records how the holder got the username and the password that an administrator gave the account.", handOver, engine.Icon("check")),
		engine.Handled("ChangePassword", rights.OwnAccount, "Chooses another password for one's own account.", u.changePassword, engine.RenewsSession(), engine.Icon("lock")),
	}
}

// SetPassword is the body of the command of that name, which is an administrator's.
type SetPassword struct {
	AccountID        string `json:"accountId" format:"uuid"`
	Password         string `json:"password,omitzero" secret:"yes"`
	GeneratePassword bool   `json:"generatePassword,omitzero" doc:"Answers the password this once."`
	KeepPassword     bool   `json:"keepPassword,omitzero" doc:"The holder need not choose another one."`
	OwnAccount       bool   `json:"ownAccount,omitzero" doc:"Confirms that the asker means the own account; without it the command is refused for that."`
}

// HandOverCredentials is the body of the command of that name.
type HandOverCredentials struct {
	AccountID string           `json:"accountId" format:"uuid"`
	Method    account.Handover `json:"method" enum:"values"`
}

func handOver(_ *engine.Call, in HandOverCredentials) (string, account.Command) {
	return in.AccountID, account.HandOverCredentials{Method: in.Method}
}

// PasswordSet is the result of SetPassword.
type PasswordSet struct {
	Password string `json:"password,omitempty" once:"yes" doc:"A generated one, this once: a repetition after two minutes answers without."`
}

// ChangePassword is the body of the command of that name, which is the holder's own.
type ChangePassword struct {
	CurrentPassword string `json:"currentPassword" secret:"yes"`
	Password        string `json:"password" secret:"yes"`
}

// ErrPasswordWrong refuses a change of password whose current one is not right.
var ErrPasswordWrong = domain.InvalidCode("current_password", "current-password-wrong", "The current password is not right.")

// setPassword replaces an account's password by one that the administrator chose or that is
// generated. The holder has to change it at the next sign-in, unless it is kept. The account's
// sessions end.
func (u UseCases) setPassword(ctx context.Context, c *engine.Call, in SetPassword) (PasswordSet, error) {
	id, a, err := u.Managed(ctx, c, rights.ManageAccounts, in.AccountID)
	if err != nil {
		return PasswordSet{}, err
	}
	o, err := u.Organizations.See(ctx, c, a.OrganizationID)
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
	if err := u.Accounts.Check(ctx, c, id, false, account.Command(set)); err != nil {
		return PasswordSet{}, err
	}
	if err := access.GoodPassword(o.State, password, a.Username); err != nil {
		return PasswordSet{}, err
	}
	done, err := u.replacePassword(ctx, c, id, a.PasswordID, password, set.CredentialID, set)
	if err != nil || c.DryRun || !set.Generated || done.PasswordID != set.CredentialID {
		return PasswordSet{}, err
	}
	return PasswordSet{Password: password}, nil
}

// ErrPasswordSame refuses a change that changes nothing, so that the password which an
// administrator knows does not outlive the change that it was set for.
var ErrPasswordSame = domain.InvalidCode("password", "password-same", "This is the current password. Choose another one.")

// changePassword replaces the asker's own password, if the current one is right.
func (u UseCases) changePassword(ctx context.Context, c *engine.Call, in ChangePassword) (engine.None, error) {
	if err := c.Need(rights.OwnAccount); err != nil {
		return engine.None{}, err
	}
	id := c.Actor.AccountID
	f, err := u.Accounts.See(ctx, c, id)
	if err != nil {
		return engine.None{}, err
	}
	if err := c.Reach(rights.OwnAccount, f.State.OrganizationID, id, u.Accounts.Stream(id), account.ErrNotFound); err != nil {
		return engine.None{}, err
	}
	o, err := u.Organizations.See(ctx, c, f.State.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	if err := access.GoodPassword(o.State, in.Password, f.State.Username); err != nil {
		return engine.None{}, err
	}
	change := account.ChangePassword{CredentialID: engine.SecretID(), Now: c.Now}
	if err := u.Accounts.Check(ctx, c, id, false, account.Command(change)); err != nil {
		return engine.None{}, err
	}
	right, err := u.VerifyOwnPassword(ctx, id, f.State.PasswordID, in.CurrentPassword)
	switch {
	case err != nil:
		return engine.None{}, err
	case !right:
		return engine.None{}, ErrPasswordWrong
	case in.Password == in.CurrentPassword:
		return engine.None{}, ErrPasswordSame
	}
	_, err = u.replacePassword(ctx, c, id, f.State.PasswordID, in.Password, change.CredentialID, change)
	return engine.None{}, err
}

// replacePassword keeps the new password, appends, and ends what the old one opened.
func (u UseCases) replacePassword(ctx context.Context, c *engine.Call, id, old, password, credentialID string, command account.Command) (account.State, error) {
	if err := c.Vault().SetPassword(ctx, vault.Password{ID: credentialID, Account: id, Plain: password}); err != nil {
		return account.State{}, err
	}
	done, err := u.Accounts.Decide(ctx, c, id, command, engine.Step{Own: true})
	if err != nil || !done.Moved || c.DryRun {
		return done.State, err
	}
	if old != "" {
		if err := c.Vault().Revoke(context.WithoutCancel(ctx), old); err != nil {
			u.Engine.Log().ErrorContext(ctx, "an old password could not be revoked", "credential", old, "error", err)
		}
	}
	// The door gives the asker's own browser a new session, see engine.RenewsSession.
	c.EndSessions(context.WithoutCancel(ctx), id)
	return done.State, nil
}
