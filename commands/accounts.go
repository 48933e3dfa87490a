package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// CreateAccount opens an account. Its activation is sent by SendActivation, so that several
// can be prepared and then invited in one go. The username is claimed first; if the account
// is then refused it is released, and after a crash Sweep releases it. A new administrator
// is appointed last; Sweep repairs that too.
func (s *Service) CreateAccount(ctx context.Context, c *engine.Call, in CreateAccount) (AccountMade, error) {
	organizationID, o, err := s.organization(ctx, c, in.OrganizationID, rights.ManageAccounts)
	if err != nil {
		return AccountMade{}, err
	}
	role := account.Role(in.Role)
	if known := slices.Contains(rights.Roles(), rights.Role(role)); !known {
		return AccountMade{}, account.ErrRoleUnknown
	}
	if !c.Actor.MaySet(rights.Role(role)) || role == account.RolePlatform && organizationID != rights.PlatformOrganization {
		return AccountMade{}, engine.ErrDenied
	}
	if account.Channel(in.Channel) == account.ChannelSetup {
		return AccountMade{}, account.ErrChannelUnknown
	}
	n := newAccount{organizationID: organizationID, organization: o}
	if n.id, n.fresh, err = c.NewAccountID(in.AccountID); err != nil {
		return AccountMade{}, err
	}
	n.create = account.Create{
		OrganizationID: organizationID, Username: displayed(in.Username), Name: strings.TrimSpace(in.Name), Role: role,
		Channel: account.Channel(in.Channel), Email: strings.TrimSpace(in.Email), Phone: in.Phone, Country: in.Country,
		Description: in.Description, MailToAdmin: in.MailToAdmin, Now: c.Now,
	}
	if in.ValidUntil != "" {
		if n.create.ValidUntil, n.create.EndsAt, err = lastDay(in.ValidUntil, zone(o)); err != nil {
			return AccountMade{}, err
		}
	}
	generated := ""
	if in.Password == "" && in.GeneratePassword {
		generated = vault.GeneratePassword(o.Policies.Password.MinLength)
	}
	if n.password = in.Password + generated; n.password != "" {
		n.create.Password = &account.FirstPassword{CredentialID: engine.SecretID(), Generated: generated != "", Keep: in.KeepPassword}
	}
	state, err := s.open(ctx, c, n)
	if err != nil {
		return AccountMade{}, err
	}
	made := AccountMade{AccountID: n.id}
	if p := n.create.Password; p != nil && state.PasswordID == p.CredentialID && !c.DryRun { // a password of no account misleads
		made.Password = generated
	}
	return made, nil
}

// newAccount is an account about to be opened.
type newAccount struct {
	id             string
	fresh          bool
	organizationID string
	organization   organization.State
	create         account.Create
	password       string
}

// appointed says whether the account becomes an administrator of its organization. The
// provider's people do too, so that the last of them can't be shut out; its programs don't.
func (n newAccount) appointed() bool {
	return n.create.Role == account.RoleAdmin ||
		n.create.Role == account.RolePlatform && (n.create.Channel != account.ChannelSetup || n.password != "")
}

// open claims the username, keeps the secrets, appends, and appoints.
func (s *Service) open(ctx context.Context, c *engine.Call, n newAccount) (account.State, error) {
	canonical, err := usernameOf(n.organization, n.create.Role, n.create.Username)
	if err != nil {
		return account.State{}, err
	}
	n.create.UsernameReservation = s.Reservation(reservation.KindUsername, canonical)
	c.Concerns(n.organizationID, "", s.accounts.Stream(n.id))
	if err := s.accounts.Check(ctx, c, n.id, n.fresh, n.create); err != nil {
		return account.State{}, err
	}
	if n.password != "" {
		if err := goodPassword(n.organization, n.password, n.create.Username); err != nil {
			return account.State{}, err
		}
	}
	claims := c.Claims()
	if err := s.prepare(ctx, c, n, claims); err != nil {
		return account.State{}, claims.GiveBack(ctx, err)
	}
	done, err := s.accounts.Decide(ctx, c, n.id, n.create, engine.Step{Own: true, New: n.fresh})
	if err != nil {
		return account.State{}, claims.GiveBack(ctx, err)
	}
	c.Concerns(n.organizationID, n.id, s.accounts.Stream(n.id))
	if n.appointed() {
		if _, err := s.organizations.Decide(ctx, c, n.organizationID, organization.Appoint{AccountID: n.id}, engine.Step{}); err != nil {
			return account.State{}, err
		}
		s.settleOrLog(ctx, c, n.organizationID, n.id)
	}
	return done.State, nil
}

// prepare does at once what the account's events rest on: the claim of the username, the
// key of the person, and the secrets. What is left of it after a refusal opens nothing.
// Without a password the claim can wait for the events: there is no secret to be kept first.
func (s *Service) prepare(ctx context.Context, c *engine.Call, n newAccount, claims *engine.Claims) error {
	if n.create.Password == nil {
		return claims.Wait(ctx, reservation.KindUsername, n.create.UsernameReservation, n.id)
	}
	if c.DryRun {
		return claims.Take(ctx, reservation.KindUsername, n.create.UsernameReservation, n.id)
	}
	work, within := errgroup.WithContext(ctx)
	work.Go(func() error {
		_, err := c.Keys().Key(within, eventstore.AccountSubject(n.id), true)
		return err
	})
	// The claim is not canceled by the others' failure: its outcome must be known.
	err := claims.Take(ctx, reservation.KindUsername, n.create.UsernameReservation, n.id)
	if failed := work.Wait(); err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	return c.Vault().SetPassword(ctx, vault.Password{ID: n.create.Password.CredentialID, Account: n.id, Plain: n.password})
}

// ChangeUsername gives an account another username; the new one is claimed first, the old
// one released last.
func (s *Service) ChangeUsername(ctx context.Context, c *engine.Call, in ChangeUsername) (engine.None, error) {
	id, before, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return engine.None{}, err
	}
	o, err := s.organizations.See(ctx, c, before.OrganizationID)
	if err != nil {
		return engine.None{}, err
	}
	username := displayed(in.Username)
	canonical, err := usernameOf(o.State, before.Role, username)
	if err != nil {
		return engine.None{}, err
	}
	change := account.ChangeUsername{Username: username, UsernameReservation: s.Reservation(reservation.KindUsername, canonical), Now: c.Now}
	if err := s.accounts.Check(ctx, c, id, false, change); err != nil {
		return engine.None{}, err
	}
	claims := c.Claims()
	if err := claims.Take(ctx, reservation.KindUsername, change.UsernameReservation, id); err != nil {
		return engine.None{}, err
	}
	if _, err := s.accounts.Decide(ctx, c, id, change, engine.Step{Own: true}); err != nil {
		return engine.None{}, claims.GiveBack(ctx, err)
	}
	if before.UsernameReservation != change.UsernameReservation {
		c.Release(ctx, before.UsernameReservation, id)
	}
	return engine.None{}, nil
}

// ChangeDetails changes what is known of the holder.
func (s *Service) ChangeDetails(ctx context.Context, c *engine.Call, in ChangeDetails) (engine.None, error) {
	id, _, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return engine.None{}, err
	}
	_, err = s.accounts.Decide(ctx, c, id, account.ChangeDetails{
		Name: in.Name, Email: in.Email, Phone: in.Phone, Country: in.Country, Description: in.Description, Now: c.Now,
	}, engine.Step{Own: true})
	return engine.None{}, err
}

// displayed is a username as it is stored and shown: as typed, trimmed. It is not even
// composed: that turns some foreign letters into plain ones, before the rule saw them.
func displayed(username string) string { return strings.TrimSpace(username) }

// usernameOf holds a username to the organization's rule and answers its canonical form.
// The rule looks at both forms: folding case turns some foreign letters into plain ones,
// and mail goes to what was typed. Programs need no mail address.
func usernameOf(o organization.State, role account.Role, username string) (canonical string, err error) {
	rule := o.Policies.UsernameRule
	if role == account.RoleService || rule == "" {
		rule = organization.UsernameUnique
	}
	var domains []string
	for d := range o.Domains {
		domains = append(domains, d)
	}
	canonical = CanonicalUsername(username)
	if err := rule.Check(canonical, domains); err != nil {
		return "", err
	}
	return canonical, rule.Check(username, domains)
}

// goodPassword holds a password to the organization's policy. Each rule that it breaks is
// a refusal of its own, joined.
func goodPassword(o organization.State, password, username string) error {
	wrong := o.Policies.Password.Check(password, username)
	errs := make([]error, len(wrong))
	for i, w := range wrong {
		errs[i] = w
	}
	return errors.Join(errs...)
}
