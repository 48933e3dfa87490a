package activation

import (
	"context"
	"errors"
	"time"

	"sleutelbos/commands/access"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore/vault"
)

// Page is what the activation page may know of a link. Nothing but the state is
// set for a link that is unknown.
type Page struct {
	State     State
	NeedsCode bool      // the code from the letter is asked for
	TriesLeft int       // of the code
	ExpiresAt time.Time // from when on the link has no force
	LastDay   string    // the day of it, for people
	Password  access.PasswordRules
	Language  string // "nl" or "en"
}

// State is what has become of an activation link.
type State string

// The states of a link.
const (
	LinkUnknown    State = "unknown"
	LinkValid      State = "valid"
	LinkExpired    State = "expired"
	LinkSuperseded State = "superseded"
	LinkCompleted  State = "completed"
	LinkSuspended  State = "suspended" // the account is blocked, disabled, closed or over
	LinkCodeVoid   State = "code_void" // the code was tried too often
)

// link returns the account of a link; found is false for an unknown link.
func (u UseCases) link(ctx context.Context, token string) (credential vault.Credential, a account.State, found bool, err error) {
	credential, found, err = u.Engine.Look().FindLink(ctx, token)
	if err != nil || !found {
		return credential, a, false, err
	}
	f, err := u.Accounts.Load(ctx, credential.Account)
	return credential, f.State, f.State.Exists, err
}

// Open returns what the page of an activation link may show. It changes nothing, so a mail
// program that opens links uses none of them up.
func (u UseCases) Open(ctx context.Context, token string) (Page, error) {
	ctx, cancel := u.Engine.Patient(ctx)
	defer cancel()
	credential, a, found, err := u.link(ctx, token)
	if err != nil || !found {
		return Page{State: LinkUnknown}, err
	}
	o, err := u.Organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return Page{}, err
	}
	page := Page{State: linkState(a.MayActivate(credential.ID, u.Engine.Now())), Language: u.Language}
	page.ExpiresAt, page.LastDay = credential.ExpiresAt, account.LastDay(credential.ExpiresAt, o.State.Policies.Zone())
	if page.State == LinkValid {
		page.NeedsCode, page.TriesLeft = a.Channel == account.ChannelMailAndLetter, a.Activation.TriesLeft
		page.Password = access.RulesOf(o.State)
	}
	return page, nil
}

func linkState(refusal error) State {
	for state, is := range map[State]error{
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
