package accounts

import (
	"context"
	"slices"

	"sleutelbos/commands/access"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore/vault"
)

func creation(u UseCases) []engine.Command {
	return []engine.Command{
		engine.Handled("CreateAccount", rights.ManageAccounts, "Creates an account. The channel says how it gets its first password.", u.create,
			engine.Reads(func(in CreateAccount) []engine.Read {
				return append(u.readsOfDomain(in.Username), u.Organizations.Read(in.OrganizationID))
			}), engine.Icon("plus")),
	}
}

// CreateAccount is the body of the command of that name.
type CreateAccount struct {
	AccountID      string `json:"accountId,omitzero" format:"uuid" doc:"Chosen by the client, so that a retry is harmless; made if absent."`
	OrganizationID string `json:"organizationId" format:"uuid"`
	Username       string `json:"username" minLength:"1" maxLength:"254" text:"trimmed"`
	Name           string `json:"name,omitzero" maxLength:"200" unless:"givenName,surnamePrefix,surname" doc:"The whole name. It follows from the parts if absent, and is needed without them."`
	NameParts[string]
	Role             account.Role   `json:"role" enum:"values"`
	Channel          OfferedChannel `json:"channel" enum:"values"`
	Password         string         `json:"password,omitzero" secret:"yes" doc:"For the channel admin_password, unless it is generated."`
	GeneratePassword bool           `json:"generatePassword,omitzero" doc:"Answers the password this once."`
	KeepPassword     bool           `json:"keepPassword,omitzero" doc:"The holder need not choose another one."`
	Details[string]
	ValidUntil  string `json:"validUntil,omitzero" maxLength:"40" doc:"The last day, yyyy-mm-dd."`
	MailToAdmin bool   `json:"mailToAdmin,omitzero" doc:"Mails for the holder go to the administrators."`
}

// OfferedChannel is a channel that an administrator can choose.
type OfferedChannel account.Channel

// Values implements domain.Enumeration.
func (OfferedChannel) Values() []string { return domain.Values(account.OfferedChannels()) }

// AccountMade is the result of CreateAccount.
type AccountMade struct {
	AccountID string `json:"accountId"`
	Password  string `json:"password,omitempty" once:"yes" doc:"A generated one, this once: a repetition after two minutes answers without."`
}

// create opens an account. Its activation is sent by SendActivation, so that several accounts
// can be prepared and then invited in one go. The username is claimed first. If the account is
// then refused the claim is released, and after a crash the repairs release it. A new
// administrator is appointed last; after a crash the repairs do that too.
func (u UseCases) create(ctx context.Context, c *engine.Call, in CreateAccount) (AccountMade, error) {
	organizationID, o, err := u.Organization(ctx, c, rights.ManageAccounts, in.OrganizationID)
	if err != nil {
		return AccountMade{}, err
	}
	role := in.Role
	if known := slices.Contains(rights.Roles(), rights.Role(role)); !known {
		return AccountMade{}, account.ErrRoleUnknown
	}
	if !c.Actor.MaySet(rights.Role(role)) || role == account.RolePlatform && organizationID != rights.PlatformOrganization {
		return AccountMade{}, engine.ErrDenied
	}
	if account.Channel(in.Channel) == account.ChannelSetup {
		return AccountMade{}, account.ErrChannelUnknown
	}
	n := Opening{OrganizationID: organizationID, Organization: o}
	if n.ID, n.Fresh, err = u.newID(ctx, c, in.AccountID); err != nil {
		return AccountMade{}, err
	}
	n.Create = account.Create{
		OrganizationID: organizationID, Username: Displayed(in.Username), Name: in.Name, Parts: typed.Name(in.NameParts), Role: role,
		Channel: account.Channel(in.Channel), Details: account.Details[string](in.Details), MailToAdmin: in.MailToAdmin, HomeCountry: o.Policies.Country(), Now: c.Now,
	}
	if in.ValidUntil != "" {
		if n.Create.ValidUntil, n.Create.EndsAt, err = lastDay(in.ValidUntil, o.Policies.Zone()); err != nil {
			return AccountMade{}, err
		}
	}
	generated := ""
	if in.Password == "" && in.GeneratePassword {
		generated = vault.GeneratePassword(o.Policies.Password.MinLength)
	}
	if n.Password = in.Password + generated; n.Password != "" {
		n.Create.Password = &account.FirstPassword{CredentialID: engine.SecretID(), Generated: generated != "", Keep: in.KeepPassword}
	}
	state, err := u.Open(ctx, c, n)
	if err != nil {
		return AccountMade{}, err
	}
	made := AccountMade{AccountID: n.ID}
	if p := n.Create.Password; p != nil && state.PasswordID == p.CredentialID && !c.DryRun { // a password of no account misleads
		made.Password = generated
	}
	return made, nil
}

func (u UseCases) newID(ctx context.Context, c *engine.Call, given string) (id string, fresh bool, err error) {
	if given == "" {
		return c.MakeAccountID()
	}
	return u.Accounts.NewID(ctx, c, engine.Naming[account.State]{
		Field: "account_id", Given: given, Right: rights.ManageAccounts, Missing: account.ErrNotFound, Of: access.OwnerOf,
	})
}
