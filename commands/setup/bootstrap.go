package setup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"sleutelbos/commands/access"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
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

// Bootstrap makes the provider's own organization, and on a store without other accounts the ones
// asked for. If none was asked for and nobody can get in, it returns the token of a setup link,
// valid for half an hour. Each step is done only if it was not done before, so a program that ended
// at any of them goes on at its next start.
func (u UseCases) Bootstrap(ctx context.Context, first First) (setupToken string, err error) {
	ctx, cancel := u.Engine.Patient(ctx)
	defer cancel()
	if setupToken, err = u.bootstrap(ctx, first); err != nil {
		return "", fmt.Errorf("set up an empty store: %w", err)
	}
	return setupToken, nil
}

func (u UseCases) bootstrap(ctx context.Context, first First) (setupToken string, err error) {
	if err := first.valid(); err != nil {
		return "", err
	}
	if err := u.platform(ctx); err != nil {
		return "", err
	}
	if others, err := u.hasOthers(ctx); err != nil || others {
		return "", err
	}
	if err := u.firstAdmin(ctx, first); err != nil {
		return "", err
	}
	if first.APIKey != "" {
		if err := u.firstService(ctx, first.APIKey); err != nil {
			return "", err
		}
	}
	if open, err := u.hasWayIn(ctx); err != nil || open {
		return "", err
	}
	c, err := u.begin("SetupFirstAdmin")
	if err != nil {
		return "", err
	}
	return c.Vault().MakeSetupToken(ctx)
}

func (f First) valid() error {
	if f.APIKey != "" && len(f.APIKey) < vault.MinGivenAPIKey {
		return fmt.Errorf("the API key needs at least %d characters", vault.MinGivenAPIKey)
	}
	if f.Username != "" && f.Password == "" {
		return errors.New("the first administrator needs a password")
	}
	return nil
}

// setupNames is the namespace of the ids of what is made here.
var setupNames = uuid.MustParse("b6d5a3a0-8f0b-5f4e-9f0e-6a7c3d2e1f40")

// firstID returns the id of something made here, the same at every start on one vault: a start that
// ended half way left it there, or a claim that it holds.
func (u UseCases) firstID(of string) string {
	return uuid.NewSHA1(setupNames, []byte(u.Engine.Reservation("setup", of))).String()
}

func (u UseCases) adminID() string   { return u.firstID("admin") }
func (u UseCases) serviceID() string { return u.firstID("service") }

// hasOthers says whether there are accounts that were not made here.
func (u UseCases) hasOthers(ctx context.Context) (bool, error) {
	ours := []string{u.Accounts.Stream(u.adminID()), u.Accounts.Stream(u.serviceID())}
	for rec, err := range u.Engine.Journal().Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: catalog.NamesOf(account.Created{})}) {
		if err != nil || !slices.Contains(ours, rec.Stream) {
			return err == nil, err
		}
	}
	return false, nil
}

// hasWayIn says whether anybody can get in: with an account that was not made here, with the first
// administrator's password, or with the first program's key.
func (u UseCases) hasWayIn(ctx context.Context) (bool, error) {
	if others, err := u.hasOthers(ctx); err != nil || others {
		return others, err
	}
	admin, err := u.Accounts.Load(ctx, u.adminID())
	if err != nil || admin.State.PasswordID != "" {
		return err == nil, err
	}
	service, err := u.Accounts.Load(ctx, u.serviceID())
	return err == nil && len(service.State.APIKeys) > 0, err
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

// firstAdmin makes the first administrator that is asked for, and appoints the one that a start
// made without coming so far.
func (u UseCases) firstAdmin(ctx context.Context, first First) error {
	f, err := u.Accounts.Load(ctx, u.adminID())
	if err != nil {
		return err
	}
	if f.State.Exists {
		return u.appoint(ctx, u.adminID())
	}
	if first.Username == "" {
		return nil
	}
	n, err := u.newAdmin(ctx, first.Username, cmp.Or(typed.Line(first.Name), first.Username), typed.Name{}, first.Password)
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

// appoint makes an account an administrator of the provider's organization, if there is none yet.
func (u UseCases) appoint(ctx context.Context, id string) error {
	o, err := u.Organizations.Load(ctx, rights.PlatformOrganization)
	if err != nil || len(o.State.Admins) > 0 {
		return err
	}
	c, err := u.begin("AppointAdmin")
	if err != nil {
		return err
	}
	c.Concerns(rights.PlatformOrganization, id, u.Organizations.Stream(rights.PlatformOrganization))
	if _, err := u.Organizations.Decide(ctx, c, rights.PlatformOrganization, organization.Appoint{AccountID: id}, engine.Step{}); err != nil {
		return err
	}
	return u.Opens.Admins.Settle(ctx, c, rights.PlatformOrganization, id)
}

// newAdmin returns the first administrator, held to the rules before anything is written.
func (u UseCases) newAdmin(ctx context.Context, username, name string, parts typed.Name, password string) (accounts.Opening, error) {
	n, err := u.newPlatformAccount(ctx, u.adminID(), username, name)
	if err != nil {
		return accounts.Opening{}, err
	}
	n.Create.Parts = parts
	n.Password = password
	n.Create.Password = &account.FirstPassword{CredentialID: engine.SecretID(), Keep: true}
	if _, err := accounts.UsernameOf(n.Organization, n.Create.Role, n.Create.Username); err != nil {
		return accounts.Opening{}, err
	}
	if err := n.Create.ValidName(); err != nil {
		return accounts.Opening{}, err
	}
	return n, access.GoodPassword(n.Organization, password, n.Create.Username)
}

func (u UseCases) newPlatformAccount(ctx context.Context, id, username, name string) (accounts.Opening, error) {
	o, err := u.Organizations.Load(ctx, rights.PlatformOrganization)
	if err != nil {
		return accounts.Opening{}, err
	}
	return accounts.Opening{
		ID: id, OrganizationID: rights.PlatformOrganization, Organization: o.State,
		Create: account.Create{
			OrganizationID: rights.PlatformOrganization, Username: accounts.Displayed(username), Name: name,
			Role: account.RolePlatform, Channel: account.ChannelSetup, HomeCountry: o.State.Policies.Country(), Now: u.Engine.Now(),
		},
	}, nil
}

// firstService makes the first program of the provider, with a key that was given. The key's id
// follows from the key, so that one that is in the vault already is found there.
func (u UseCases) firstService(ctx context.Context, key string) error {
	id := u.serviceID()
	f, err := u.Accounts.Load(ctx, id)
	if err != nil || len(f.State.APIKeys) > 0 {
		return err
	}
	n, err := u.newPlatformAccount(ctx, id, serviceUsername, serviceName)
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
	keyID := u.firstID("key " + key)
	prefix, err := c.Vault().KeepAPIKey(ctx, vault.NewSecret{ID: keyID, Account: id}, key)
	if err != nil && !errors.Is(err, vault.ErrExists) {
		return err
	}
	_, err = u.Accounts.Decide(ctx, c, id, account.IssueAPIKey{KeyID: keyID, Name: "bootstrap", Prefix: prefix}, engine.Step{})
	return err
}
