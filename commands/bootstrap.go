package commands

import (
	"context"
	"errors"
	"fmt"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/vault"
)

// Bootstrap says what an empty store begins with. Zero members are left out.
type Bootstrap struct {
	Username, Password string // of the first platform administrator
	Name               string // of the administrator; default the username
	APIKey             string // of a platform service account, at least 32 characters
}

// Of the provider's own organization.
const (
	platformName    = "Sleutelbos"
	platformPreset  = organization.PresetKlic
	serviceUsername = "webservices@platform"
	serviceName     = "Platform service account"
)

// ErrSetupToken refuses the setup link of a store that is not empty, an old link, or one
// that was used.
var ErrSetupToken = domain.Denied("setup-token-invalid", "This setup link has expired or was used. Start the program again for a new one.")

// Bootstrap makes the provider's own organization, and on a store without accounts the
// ones asked for. Where none was asked for it answers the token of a setup link, valid for
// half an hour. On a store with accounts it does nothing.
func (s *Service) Bootstrap(ctx context.Context, b Bootstrap) (setupToken string, err error) {
	ctx, cancel := s.Patient(ctx)
	defer cancel()
	fail := func(err error) (string, error) { return "", fmt.Errorf("set up an empty store: %w", err) }
	if err := s.platform(ctx); err != nil {
		return fail(err)
	}
	if used, err := s.hasAccounts(ctx); err != nil || used {
		return "", err
	}
	if b.Username == "" && b.APIKey == "" {
		c, err := s.Begin(engine.Request{Name: "Bootstrap", Actor: rights.System("setup"), Origin: engine.SystemOrigin})
		if err != nil {
			return fail(err)
		}
		return c.Vault().MakeSetupToken(ctx)
	}
	if b.APIKey != "" && len(b.APIKey) < vault.MinGivenAPIKey {
		return fail(fmt.Errorf("the API key needs at least %d characters", vault.MinGivenAPIKey))
	}
	if b.Username != "" {
		if b.Password == "" {
			return fail(errors.New("the first administrator needs a password"))
		}
		if _, err := s.firstAdmin(ctx, b.Username, b.Name, b.Password); err != nil {
			return fail(err)
		}
	}
	if b.APIKey != "" {
		if err := s.firstService(ctx, b.APIKey); err != nil {
			return fail(err)
		}
	}
	return "", nil
}

// NeedsSetup says whether the store has no accounts yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	used, err := s.hasAccounts(ctx)
	return !used, err
}

func (s *Service) hasAccounts(ctx context.Context) (bool, error) {
	for _, err := range s.Journal().Store.ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: catalog.NamesOf(account.Created{})}) {
		return err == nil, err
	}
	return false, nil
}

// platform registers the provider's own organization, once: what it has become since stays.
func (s *Service) platform(ctx context.Context) error {
	if f, err := s.organizations.Load(ctx, rights.PlatformOrganization); err != nil || f.State.Exists {
		return err
	}
	c, err := s.Begin(engine.Request{Name: "RegisterOrganization", Actor: rights.System("setup"), Origin: engine.SystemOrigin})
	if err != nil {
		return err
	}
	_, err = s.RegisterOrganization(ctx, c, RegisterOrganization{
		OrganizationID: rights.PlatformOrganization, Name: platformName, Preset: string(platformPreset),
	})
	return err
}

// OpenSetup answers what the page of a setup link may show, before anything is typed.
// Errors: ErrSetupToken.
func (s *Service) OpenSetup(ctx context.Context, token string) (PasswordRules, error) {
	ctx, cancel := s.Patient(ctx)
	defer cancel()
	valid, err := s.Look().CheckSetupToken(ctx, token)
	if err != nil {
		return PasswordRules{}, err
	}
	needed, err := s.NeedsSetup(ctx)
	if err != nil {
		return PasswordRules{}, err
	}
	if !valid || !needed {
		return PasswordRules{}, ErrSetupToken
	}
	o, err := s.organizations.Load(ctx, rights.PlatformOrganization)
	return rulesOf(o.State), err
}

// SetupFirstAdmin makes the first platform administrator, for who holds the setup link of
// a store without accounts. What is wrong with the input costs no link.
func (s *Service) SetupFirstAdmin(ctx context.Context, c *engine.Call, in SetupFirstAdmin) (AskersAccount, error) {
	valid, err := s.Look().CheckSetupToken(ctx, in.Token)
	if err != nil {
		return AskersAccount{}, err
	}
	used, err := s.hasAccounts(ctx)
	if err != nil {
		return AskersAccount{}, err
	}
	if !valid || used {
		return AskersAccount{}, ErrSetupToken
	}
	n, err := s.newAdmin(ctx, in.Username, in.Name, in.Password)
	if err != nil {
		return AskersAccount{}, err
	}
	if valid, err = c.Vault().UseSetupToken(ctx, in.Token); err != nil {
		return AskersAccount{}, err
	}
	if !valid {
		return AskersAccount{}, ErrSetupToken
	}
	origin := c.Origin
	c.ActAs(rights.System("setup"))
	c.Origin = origin
	_, err = s.open(ctx, c, n)
	return AskersAccount{AccountID: n.id}, err
}

func (s *Service) firstAdmin(ctx context.Context, username, name, password string) (string, error) {
	n, err := s.newAdmin(ctx, username, name, password)
	if err != nil {
		return "", err
	}
	c, err := s.Begin(engine.Request{Name: "CreateAccount", Actor: rights.System("setup"), Origin: engine.SystemOrigin})
	if err != nil {
		return "", err
	}
	_, err = s.open(ctx, c, n)
	return n.id, err
}

// newAdmin is the first administrator, held to the rules before anything is written.
func (s *Service) newAdmin(ctx context.Context, username, name, password string) (newAccount, error) {
	n, err := s.newPlatformAccount(ctx, username, name)
	if err != nil {
		return newAccount{}, err
	}
	n.password = password
	n.create.Password = &account.FirstPassword{CredentialID: engine.SecretID(), Keep: true}
	if _, err := usernameOf(n.organization, n.create.Role, n.create.Username); err != nil {
		return newAccount{}, err
	}
	if err := domain.RequiredText("name", n.create.Name, domain.MaxName); err != nil {
		return newAccount{}, err
	}
	return n, goodPassword(n.organization, password, n.create.Username)
}

func (s *Service) newPlatformAccount(ctx context.Context, username, name string) (newAccount, error) {
	o, err := s.organizations.Load(ctx, rights.PlatformOrganization)
	if err != nil {
		return newAccount{}, err
	}
	if name == "" {
		name = username
	}
	n := newAccount{fresh: true, organizationID: rights.PlatformOrganization, organization: o.State}
	n.id, _, err = (&engine.Call{}).NewID("account_id", "")
	n.create = account.Create{
		OrganizationID: rights.PlatformOrganization, Username: displayed(username), Name: name,
		Role: account.RolePlatform, Channel: account.ChannelSetup, Now: s.Now(),
	}
	return n, err
}

func (s *Service) firstService(ctx context.Context, key string) error {
	n, err := s.newPlatformAccount(ctx, serviceUsername, serviceName)
	if err != nil {
		return err
	}
	c, err := s.Begin(engine.Request{Name: "CreateAccount", Actor: rights.System("setup"), Origin: engine.SystemOrigin})
	if err != nil {
		return err
	}
	if _, err := s.open(ctx, c, n); err != nil {
		return err
	}
	keyID := engine.SecretID()
	prefix, err := c.Vault().KeepAPIKey(ctx, vault.NewSecret{ID: keyID, Account: n.id}, key)
	if err != nil {
		return err
	}
	_, err = s.accounts.Decide(ctx, c, n.id, account.IssueAPIKey{KeyID: keyID, Name: "bootstrap", Prefix: prefix}, engine.Step{})
	return err
}
