package commands

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/vault"
)

// Refusals of an activation that the account itself does not know of.
var (
	ErrLinkUnknown  = domain.NotFound("activation-unknown", "This link is not known.")
	ErrCodeRequired = domain.InvalidCode("code", "code-required", "The code from the letter is needed too.")
)

// askAgain is how long an account's holder waits before asking for another activation.
const askAgain = 2 * time.Minute

// letterNames is the namespace of the ids of letters, which follow from the credential of
// the code, so that whoever knows the one knows the other.
var letterNames = uuid.MustParse("0f8fad5b-d9cb-5a69-8165-70867728950e")

func letterID(codeCredentialID string) string {
	return uuid.NewSHA1(letterNames, []byte(codeCredentialID)).String()
}

// SendActivation sends the means to choose a first password, by mail and for the channel
// with a letter by letter too. The one before loses its force.
func (s *Service) SendActivation(ctx context.Context, c *engine.Call, in SendActivation) (ActivationSent, error) {
	id, a, err := s.managed(ctx, c, in.AccountID, rights.ManageAccounts)
	if err != nil {
		return ActivationSent{}, err
	}
	return s.sendActivation(ctx, c, id, a)
}

func (s *Service) sendActivation(ctx context.Context, c *engine.Call, id string, a account.State) (ActivationSent, error) {
	o, err := s.organizations.See(ctx, c, a.OrganizationID)
	if err != nil {
		return ActivationSent{}, err
	}
	send := s.newActivation(c, a.Channel, o.State)
	if err := s.accounts.Check(ctx, c, id, false, account.Command(*send)); err != nil {
		return ActivationSent{}, err
	}
	if err := keepActivation(ctx, c, id, *send); err != nil {
		return ActivationSent{}, err
	}
	done, err := s.accounts.Decide(ctx, c, id, *send, engine.Step{Own: true})
	return ActivationSent{done.State.Activation.ExpiresAt}, err
}

func (s *Service) newActivation(c *engine.Call, channel account.Channel, o organization.State) *account.SendActivation {
	send := account.SendActivation{
		CredentialID: engine.SecretID(), ExpiresAt: account.ActivationDeadline(c.Now, max(1, o.Policies.ActivationMonths), zone(o)), Now: c.Now,
	}
	if channel == account.ChannelMailAndLetter {
		send.CodeCredentialID = engine.SecretID()
		send.LetterID = letterID(send.CodeCredentialID)
	}
	return &send
}

func keepActivation(ctx context.Context, c *engine.Call, accountID string, send account.SendActivation) error {
	_, err := c.Vault().MakeLink(ctx, vault.NewSecret{ID: send.CredentialID, Account: accountID, ExpiresAt: send.ExpiresAt})
	if err != nil || send.CodeCredentialID == "" {
		return err
	}
	_, err = c.Vault().MakeLetterCode(ctx, vault.NewSecret{ID: send.CodeCredentialID, Account: accountID, ExpiresAt: send.ExpiresAt})
	return err
}

// link loads the account of a link; found is false for an unknown one.
func (s *Service) link(ctx context.Context, token string) (credential vault.Credential, a account.State, found bool, err error) {
	credential, found, err = s.Look().FindLink(ctx, token)
	if err != nil || !found {
		return credential, a, false, err
	}
	f, err := s.accounts.Load(ctx, credential.Account)
	return credential, f.State, f.State.Exists, err
}

// OpenActivation answers what the page of an activation link may show. It changes nothing,
// so a mail program that opens links uses none up.
func (s *Service) OpenActivation(ctx context.Context, token string) (ActivationPage, error) {
	ctx, cancel := s.Patient(ctx)
	defer cancel()
	credential, a, found, err := s.link(ctx, token)
	if err != nil || !found {
		return ActivationPage{State: LinkUnknown}, err
	}
	o, err := s.organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return ActivationPage{}, err
	}
	page := ActivationPage{State: linkState(a.MayActivate(credential.ID, s.Now())), Language: s.language}
	page.ExpiresAt, page.LastDay = credential.ExpiresAt, account.LastDay(credential.ExpiresAt, zone(o.State))
	if page.State == LinkValid {
		page.NeedsCode, page.TriesLeft = a.Channel == account.ChannelMailAndLetter, a.Activation.TriesLeft
		page.Password = rulesOf(o.State)
	}
	return page, nil
}

func linkState(refusal error) ActivationState {
	for state, is := range map[ActivationState]error{
		LinkExpired: account.ErrActivationExpired, LinkSuperseded: account.ErrActivationSuperseded,
		LinkCompleted: account.ErrAlreadyActivated, LinkCodeVoid: account.ErrCodeVoid,
	} {
		if errors.Is(refusal, is) {
			return state
		}
	}
	if refusal != nil {
		return LinkSuspended
	}
	return LinkValid
}

// ActivateAccount lets whoever holds the link (and the code of the letter) choose the first
// password. The password is looked at before the code, so that a bad one costs no try. A
// wrong code is an event of its own, although the command is refused.
func (s *Service) ActivateAccount(ctx context.Context, c *engine.Call, in ActivateAccount) (AskersAccount, error) {
	credential, a, found, err := s.link(ctx, in.Token)
	if err != nil {
		return AskersAccount{}, err
	}
	if !found {
		return AskersAccount{}, ErrLinkUnknown
	}
	id := credential.Account
	c.Concerns(a.OrganizationID, id, s.accounts.Stream(id))
	if err := a.MayActivate(credential.ID, c.Now); err != nil {
		return AskersAccount{}, err
	}
	o, err := s.organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return AskersAccount{}, err
	}
	if err := goodPassword(o.State, in.Password, a.Username); err != nil {
		return AskersAccount{}, err
	}
	holder, err := s.principal(ctx, id, a)
	if err != nil {
		return AskersAccount{}, err
	}
	codeOK := false
	if a.Channel == account.ChannelMailAndLetter {
		if codeOK, err = s.rightCode(ctx, c, credential, a, in.Code); err != nil {
			return AskersAccount{}, err
		}
	}
	c.ActAs(holder)
	activate := account.Activate{CredentialID: credential.ID, CodeOK: codeOK, PasswordCredentialID: engine.SecretID(), Now: c.Now}
	if err := c.Vault().SetPassword(ctx, vault.Password{ID: activate.PasswordCredentialID, Account: id, Plain: in.Password}); err != nil {
		return AskersAccount{}, err
	}
	if _, err := s.accounts.Decide(ctx, c, id, activate, engine.Step{Own: true}); err != nil {
		return AskersAccount{}, err
	}
	forget(ctx, c, credential.ID, a.Activation.CodeCredentialID)
	return AskersAccount{AccountID: id}, nil
}

// rightCode tries the code of the letter. A wrong one is recorded as a stranger's doing.
func (s *Service) rightCode(ctx context.Context, c *engine.Call, credential vault.Credential, a account.State, code string) (bool, error) {
	if code == "" {
		return false, ErrCodeRequired
	}
	tried, err := c.Vault().CheckLetterCode(ctx, a.Activation.CodeCredentialID, code)
	if err != nil || tried.OK {
		return tried.OK, err
	}
	_, err = s.accounts.Decide(ctx, c, credential.Account, account.RejectCode{CredentialID: credential.ID, Now: c.Now}, engine.Step{})
	if err == nil {
		err = account.ErrCodeWrong
	}
	return false, err
}

// forget ends secrets that have done their work. The events say so already.
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

// RequestNewActivation sends a new activation to the account's own address, for who holds
// a link that has expired, was superseded, or whose code was tried too often. The answer
// is the same whatever the link: it tells a stranger nothing.
func (s *Service) RequestNewActivation(ctx context.Context, c *engine.Call, in RequestNewActivation) (engine.None, error) {
	credential, a, found, err := s.link(ctx, in.Token)
	if err != nil || !found {
		return engine.None{}, err
	}
	switch linkState(a.MayActivate(credential.ID, c.Now)) {
	case LinkExpired, LinkSuperseded, LinkCodeVoid:
	default:
		return engine.None{}, nil
	}
	if last, ok := s.asked.Get(credential.Account); ok && c.Now.Sub(last) < askAgain {
		return engine.None{}, nil
	}
	if !c.DryRun {
		s.asked.Add(credential.Account, c.Now)
	}
	holder, err := s.principal(ctx, credential.Account, a)
	if err != nil {
		return engine.None{}, err
	}
	c.ActAs(holder)
	c.Concerns(a.OrganizationID, credential.Account, s.accounts.Stream(credential.Account))
	_, err = s.sendActivation(ctx, c, credential.Account, a)
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) {
		err = nil // closed, or activated meanwhile: nothing to send
	}
	if err == nil {
		c.Hide()
	}
	return engine.None{}, err
}

// PasswordRules answers the rules for a new password of an account.
func (s *Service) PasswordRules(ctx context.Context, accountID string) (PasswordRules, error) {
	f, err := s.accounts.Load(ctx, accountID)
	if err != nil {
		return PasswordRules{}, err
	}
	if !f.State.Exists {
		return PasswordRules{}, account.ErrNotFound
	}
	o, err := s.organizations.Load(ctx, f.State.OrganizationID)
	return rulesOf(o.State), err
}

func rulesOf(o organization.State) PasswordRules {
	p := o.Policies.Password
	return PasswordRules{MinLength: p.MinLength, MinUpper: p.MinUpper, MinDigits: p.MinDigits, MaxLength: organization.MaxPassword}
}
