package activation

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore/vault"
)

// ActivateAccount is the body of the command of that name, which is a stranger's: whoever has
// the link (and the code) acts as the account.
type ActivateAccount struct {
	Token    string `json:"token" minLength:"1" maxLength:"200" secret:"yes" doc:"From the link."`
	Code     string `json:"code,omitzero" maxLength:"40" secret:"yes" doc:"From the letter."`
	Password string `json:"password" secret:"yes"`
}

// AskersAccount is the result of ActivateAccount: the account of whoever asked, as a stranger.
type AskersAccount struct {
	AccountID string `json:"accountId"`
}

// activate lets whoever holds the link (and the code of the letter) choose the first password.
// The password is checked before the code, so that a bad password costs no try of the code. A
// wrong code is an event, although the command is refused.
func (u UseCases) activate(ctx context.Context, c *engine.Call, in ActivateAccount) (AskersAccount, error) {
	credential, a, found, err := u.link(ctx, in.Token)
	if err != nil {
		return AskersAccount{}, err
	}
	if !found {
		return AskersAccount{}, ErrLinkUnknown
	}
	id := credential.Account
	c.Concerns(a.OrganizationID, id, u.Accounts.Stream(id))
	if err := a.MayActivate(credential.ID, c.Now); err != nil {
		return AskersAccount{}, err
	}
	o, err := u.Organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return AskersAccount{}, err
	}
	if err := access.GoodPassword(o.State, in.Password, a.Username); err != nil {
		return AskersAccount{}, err
	}
	holder, err := u.Holder(ctx, id, a)
	if err != nil {
		return AskersAccount{}, err
	}
	codeOK := false
	if a.Channel == account.ChannelMailAndLetter {
		if codeOK, err = u.rightCode(ctx, c, credential, a, in.Code); err != nil {
			return AskersAccount{}, err
		}
	}
	c.ActAs(holder)
	activate := account.Activate{CredentialID: credential.ID, CodeOK: codeOK, PasswordCredentialID: engine.SecretID(), Now: c.Now}
	if err := c.Vault().SetPassword(ctx, vault.Password{ID: activate.PasswordCredentialID, Account: id, Plain: in.Password}); err != nil {
		return AskersAccount{}, err
	}
	if _, err := u.Accounts.Decide(ctx, c, id, activate, engine.Step{Own: true}); err != nil {
		return AskersAccount{}, err
	}
	forget(ctx, c, credential.ID, a.Activation.CodeCredentialID)
	return AskersAccount{AccountID: id}, nil
}

// rightCode says whether the code of the letter is right. A wrong one is recorded as a
// stranger's doing.
func (u UseCases) rightCode(ctx context.Context, c *engine.Call, credential vault.Credential, a account.State, code string) (bool, error) {
	if code == "" {
		return false, ErrCodeRequired
	}
	tried, err := c.Vault().CheckLetterCode(ctx, a.Activation.CodeCredentialID, code)
	if err != nil || tried.OK {
		return tried.OK, err
	}
	_, err = u.Accounts.Decide(ctx, c, credential.Account, account.RejectCode{CredentialID: credential.ID, Now: c.Now}, engine.Step{})
	if err == nil {
		err = account.ErrCodeWrong
	}
	return false, err
}

// forget ends secrets that were used. If that fails they are useless anyway: the events say that
// they were used.
func forget(ctx context.Context, c *engine.Call, credentialIDs ...string) {
	for _, id := range credentialIDs {
		if id == "" {
			continue
		}
		if _, err := c.Vault().Use(context.WithoutCancel(ctx), id); err != nil {
			c.Engine().Log().ErrorContext(ctx, "a used secret could not be ended", "credential", id, "error", err)
		}
	}
}
