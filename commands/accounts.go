package commands

import (
	"context"
	"errors"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

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
func (s *Service) CreateAccount(ctx context.Context, c *Call, in CreateAccount) (AccountMade, error) {
	organizationID, o, err := s.organization(ctx, c, in.OrganizationID, rights.ManageAccounts)
	if err != nil {
		return AccountMade{}, err
	}
	role := account.Role(in.Role)
	if known := slices.Contains(rights.Roles(), rights.Role(role)); !known {
		return AccountMade{}, account.ErrRoleUnknown
	}
	if !c.Actor.MaySet(rights.Role(role)) || role == account.RolePlatform && organizationID != rights.PlatformOrganization {
		return AccountMade{}, ErrDenied
	}
	if account.Channel(in.Channel) == account.ChannelSetup {
		return AccountMade{}, account.ErrChannelUnknown
	}
	n := newAccount{organizationID: organizationID, organization: o}
	if n.id, n.fresh, err = s.newAccountID(c, in.AccountID); err != nil {
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
		n.create.Password = &account.FirstPassword{CredentialID: secretID(), Generated: generated != "", Keep: in.KeepPassword}
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

// newAccountID is Call.newID with a fresh id of the vault's, whose key waits for it.
func (s *Service) newAccountID(c *Call, given string) (id string, fresh bool, err error) {
	if given != "" || c.repeatable || c.DryRun {
		return c.newID("account_id", given)
	}
	id, err = s.Vault.NewAccount()
	return id, true, err
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
func (s *Service) open(ctx context.Context, c *Call, n newAccount) (account.State, error) {
	canonical, err := usernameOf(n.organization, n.create.Role, n.create.Username)
	if err != nil {
		return account.State{}, err
	}
	n.create.UsernameReservation = s.reservation(reservation.KindUsername, canonical)
	c.concerns(n.organizationID, "", s.accounts.stream(n.id))
	if err := check(ctx, c, s.accounts, n.id, n.fresh, account.Command(n.create)); err != nil {
		return account.State{}, err
	}
	if n.password != "" {
		if err := goodPassword(n.organization, n.password, n.create.Username); err != nil {
			return account.State{}, err
		}
	}
	var claims claims
	if err := s.prepare(ctx, c, n, &claims); err != nil {
		return account.State{}, claims.giveBack(ctx, c, err)
	}
	done, err := s.accounts.decide(ctx, c, n.id, n.create, step{own: true, new: n.fresh})
	if err != nil {
		return account.State{}, claims.giveBack(ctx, c, err)
	}
	c.concerns(n.organizationID, n.id, s.accounts.stream(n.id))
	if n.appointed() {
		if _, err := s.organizations.decide(ctx, c, n.organizationID, organization.Appoint{AccountID: n.id}, step{}); err != nil {
			return account.State{}, err
		}
		s.settleOrLog(ctx, c, n.organizationID, n.id)
	}
	return done.state, nil
}

// prepare does at once what the account's events rest on: the claim of the username, the
// key of the person, and the secrets. What is left of it after a refusal opens nothing.
// Without a password the claim can wait for the events: there is no secret to be kept first.
func (s *Service) prepare(ctx context.Context, c *Call, n newAccount, claims *claims) error {
	if n.create.Password == nil {
		return claims.wait(ctx, c, reservation.KindUsername, n.create.UsernameReservation, n.id)
	}
	if c.DryRun {
		return claims.take(ctx, c, reservation.KindUsername, n.create.UsernameReservation, n.id)
	}
	work, within := errgroup.WithContext(ctx)
	work.Go(func() error {
		_, err := s.Vault.Key(within, eventstore.AccountSubject(n.id), true)
		return err
	})
	// The claim is not canceled by the others' failure: its outcome must be known.
	err := claims.take(ctx, c, reservation.KindUsername, n.create.UsernameReservation, n.id)
	if failed := work.Wait(); err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	return s.Vault.SetPassword(ctx, vault.Password{ID: n.create.Password.CredentialID, Account: n.id, Plain: n.password})
}

// ChangeUsername gives an account another username; the new one is claimed first, the old
// one released last.
func (s *Service) ChangeUsername(ctx context.Context, c *Call, in ChangeUsername) (None, error) {
	id, before, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return None{}, err
	}
	o, err := s.organizations.see(ctx, c, before.OrganizationID)
	if err != nil {
		return None{}, err
	}
	username := displayed(in.Username)
	canonical, err := usernameOf(o.state, before.Role, username)
	if err != nil {
		return None{}, err
	}
	change := account.ChangeUsername{Username: username, UsernameReservation: s.reservation(reservation.KindUsername, canonical), Now: c.Now}
	if err := check(ctx, c, s.accounts, id, false, account.Command(change)); err != nil {
		return None{}, err
	}
	var claims claims
	if err := claims.take(ctx, c, reservation.KindUsername, change.UsernameReservation, id); err != nil {
		return None{}, err
	}
	if _, err := s.accounts.decide(ctx, c, id, change, step{own: true}); err != nil {
		return None{}, claims.giveBack(ctx, c, err)
	}
	if before.UsernameReservation != change.UsernameReservation {
		s.release(ctx, c, before.UsernameReservation, id)
	}
	return None{}, nil
}

// ChangeDetails changes what is known of the holder.
func (s *Service) ChangeDetails(ctx context.Context, c *Call, in ChangeDetails) (None, error) {
	id, _, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return None{}, err
	}
	_, err = s.accounts.decide(ctx, c, id, account.ChangeDetails{
		Name: in.Name, Email: in.Email, Phone: in.Phone, Country: in.Country, Description: in.Description, Now: c.Now,
	}, step{own: true})
	return None{}, err
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
