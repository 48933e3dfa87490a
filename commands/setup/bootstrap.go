package setup

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/commands/access"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/vault"
)

// First says what an empty store begins with. Zero members are left out.
type First struct {
	Username, Password string // of the first platform administrator
	Name               string // of the administrator; default the username
	APIKey             string // of a platform service account, at least 32 characters
}

// The provider's own organization and its program.
const (
	platformName    = "Sleutelbos"
	platformPreset  = organization.PresetKlic
	serviceUsername = "webservices@platform"
	serviceName     = "Platform service account"
)

// system is the actor of what is set up.
var system = rights.System("setup")

// Bootstrap makes the provider's own organization, and on a store without accounts the ones
// asked for. If none was asked for, it returns the token of a setup link, valid for half an
// hour. On a store with accounts it does nothing.
func (u UseCases) Bootstrap(ctx context.Context, first First) (setupToken string, err error) {
	ctx, cancel := u.Engine.Patient(ctx)
	defer cancel()
	if setupToken, err = u.bootstrap(ctx, first); err != nil {
		return "", fmt.Errorf("set up an empty store: %w", err)
	}
	return setupToken, nil
}

func (u UseCases) bootstrap(ctx context.Context, first First) (setupToken string, err error) {
	if err := u.platform(ctx); err != nil {
		return "", err
	}
	if used, err := u.hasAccounts(ctx); err != nil || used {
		return "", err
	}
	if first.Username == "" && first.APIKey == "" {
		c, err := u.begin("SetupFirstAdmin")
		if err != nil {
			return "", err
		}
		return c.Vault().MakeSetupToken(ctx)
	}
	if first.APIKey != "" && len(first.APIKey) < vault.MinGivenAPIKey {
		return "", fmt.Errorf("the API key needs at least %d characters", vault.MinGivenAPIKey)
	}
	if first.Username != "" {
		if first.Password == "" {
			return "", errors.New("the first administrator needs a password")
		}
		if err := u.firstAdmin(ctx, first); err != nil {
			return "", err
		}
	}
	if first.APIKey != "" {
		return "", u.firstService(ctx, first.APIKey)
	}
	return "", nil
}

func (u UseCases) begin(name string) (*engine.Call, error) {
	return u.Engine.Begin(engine.Request{Name: name, Actor: system, Origin: engine.SystemOrigin})
}

// platform registers the provider's own organization, once: what it has become since stays.
func (u UseCases) platform(ctx context.Context) error {
	if f, err := u.Organizations.Load(ctx, rights.PlatformOrganization); err != nil || f.State.Exists {
		return err
	}
	c, err := u.begin("RegisterOrganization")
	if err != nil {
		return err
	}
	_, err = u.Registers.Register(ctx, c, organizations.RegisterOrganization{
		OrganizationID: rights.PlatformOrganization, Name: platformName, Preset: platformPreset,
	})
	return err
}

func (u UseCases) firstAdmin(ctx context.Context, first First) error {
	n, err := u.newAdmin(ctx, first.Username, first.Name, first.Password)
	if err != nil {
		return err
	}
	c, err := u.begin("CreateAccount")
	if err != nil {
		return err
	}
	_, err = u.Opens.Open(ctx, c, n)
	return err
}

// newAdmin returns the first administrator, held to the rules before anything is written.
func (u UseCases) newAdmin(ctx context.Context, username, name, password string) (accounts.Opening, error) {
	n, err := u.newPlatformAccount(ctx, username, name)
	if err != nil {
		return accounts.Opening{}, err
	}
	n.Password = password
	n.Create.Password = &account.FirstPassword{CredentialID: engine.SecretID(), Keep: true}
	if _, err := accounts.UsernameOf(n.Organization, n.Create.Role, n.Create.Username); err != nil {
		return accounts.Opening{}, err
	}
	if err := domain.RequiredText("name", n.Create.Name, domain.MaxName); err != nil {
		return accounts.Opening{}, err
	}
	return n, access.GoodPassword(n.Organization, password, n.Create.Username)
}

func (u UseCases) newPlatformAccount(ctx context.Context, username, name string) (accounts.Opening, error) {
	o, err := u.Organizations.Load(ctx, rights.PlatformOrganization)
	if err != nil {
		return accounts.Opening{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return accounts.Opening{}, err
	}
	if name == "" {
		name = username
	}
	return accounts.Opening{
		ID: id.String(), Fresh: true, OrganizationID: rights.PlatformOrganization, Organization: o.State,
		Create: account.Create{
			OrganizationID: rights.PlatformOrganization, Username: accounts.Displayed(username), Name: name,
			Role: account.RolePlatform, Channel: account.ChannelSetup, Now: u.Engine.Now(),
		},
	}, nil
}

// firstService makes the first program of the provider, with a key that was given.
func (u UseCases) firstService(ctx context.Context, key string) error {
	n, err := u.newPlatformAccount(ctx, serviceUsername, serviceName)
	if err != nil {
		return err
	}
	c, err := u.begin("CreateAccount")
	if err != nil {
		return err
	}
	if _, err := u.Opens.Open(ctx, c, n); err != nil {
		return err
	}
	keyID := engine.SecretID()
	prefix, err := c.Vault().KeepAPIKey(ctx, vault.NewSecret{ID: keyID, Account: n.ID}, key)
	if err != nil {
		return err
	}
	_, err = u.Accounts.Decide(ctx, c, n.ID, account.IssueAPIKey{KeyID: keyID, Name: "bootstrap", Prefix: prefix}, engine.Step{})
	return err
}
