// Package setup fills an empty store: it makes the provider's own organization, its first
// administrator and its first program.
package setup

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/typed"
)

// UseCases are the command of the setup link, and what the program does when it starts.
type UseCases struct {
	access.Access
	Opens     accounts.UseCases
	Registers organizations.UseCases
}

// Commands returns what can be asked.
func (u UseCases) Commands() []engine.Command {
	return []engine.Command{
		engine.ForStrangers("SetupFirstAdmin", "Makes the first platform administrator, with the one-time link of an empty store.", u.setupFirstAdmin, engine.Icon("shield")),
	}
}

// SetupFirstAdmin is the body of the command of that name, which is a stranger's.
type SetupFirstAdmin struct {
	Token    string `json:"token" minLength:"1" maxLength:"200" secret:"yes" doc:"From the link."`
	Username string `json:"username" minLength:"1" maxLength:"254" text:"trimmed"`
	Name     string `json:"name,omitzero" maxLength:"200" unless:"givenName,surnamePrefix,surname" doc:"The whole name. It follows from the parts if absent, and is needed without them."`
	accounts.NameParts[string]
	Password string `json:"password" secret:"yes"`
}

// AdminMade is the result of SetupFirstAdmin.
type AdminMade struct {
	AccountID string `json:"accountId"`
}

// ErrToken refuses the setup link of a store that is not empty, an old link, or one that was
// used.
var ErrToken = domain.Denied("setup-token-invalid", "This setup link has expired or was used. If there is an administrator already, that one can sign in. If there is none yet, start the program again: it shows a new link.")

// Open returns what the page of a setup link may show, before anything is typed. Errors:
// ErrToken.
func (u UseCases) Open(ctx context.Context, token string) (access.PasswordRules, error) {
	ctx, cancel := u.Engine.Patient(ctx)
	defer cancel()
	if err := u.lookAt(ctx, token); err != nil {
		return access.PasswordRules{}, err
	}
	o, err := u.Organizations.Load(ctx, rights.PlatformOrganization)
	return access.RulesOf(o.State), err
}

// lookAt refuses a token that opens nothing.
func (u UseCases) lookAt(ctx context.Context, token string) error {
	valid, err := u.Engine.Look().CheckSetupToken(ctx, token)
	if err != nil {
		return err
	}
	used, err := u.hasWayIn(ctx)
	if err == nil && (!valid || used) {
		err = ErrToken
	}
	return err
}

// setupFirstAdmin makes the first platform administrator, for whoever holds the setup link of a
// store without accounts. The link stays good if something is wrong with the input.
func (u UseCases) setupFirstAdmin(ctx context.Context, c *engine.Call, in SetupFirstAdmin) (AdminMade, error) {
	if err := u.lookAt(ctx, in.Token); err != nil {
		return AdminMade{}, err
	}
	n, err := u.newAdmin(ctx, in.Username, in.Name, typed.Name(in.NameParts), in.Password)
	if err != nil {
		return AdminMade{}, err
	}
	valid, err := c.Vault().UseSetupToken(ctx, in.Token)
	if err != nil {
		return AdminMade{}, err
	}
	if !valid {
		return AdminMade{}, ErrToken
	}
	c.ActAs(system)
	_, err = u.Opens.Open(ctx, c, n)
	return AdminMade{AccountID: n.ID}, err
}
