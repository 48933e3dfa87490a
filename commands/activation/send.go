package activation

import (
	"context"
	"time"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/vault"
)

// SendActivation is the body of the command of that name.
type SendActivation struct {
	AccountID string `json:"accountId" format:"uuid"`
}

// ActivationSent is the result of SendActivation.
type ActivationSent struct {
	ExpiresAt time.Time     `json:"expiresAt"`
	Stopped   account.Badge `json:"stopped,omitempty" enum:"values" doc:"Why the holder can't use it as long as this lasts."`
}

// letterNames is the namespace of the ids of letters. A letter's id follows from the credential
// of its code, so that whoever knows one of them knows the other.
var letterNames = uuid.MustParse("0f8fad5b-d9cb-5a69-8165-70867728950e")

// LetterID returns the id of the letter that brings the code of a credential.
func LetterID(codeCredentialID string) string {
	return uuid.NewSHA1(letterNames, []byte(codeCredentialID)).String()
}

// send sends the means to choose a first password: a mail, and for the channel with a code a
// letter too. An activation that was sent before loses its force.
func (u UseCases) send(ctx context.Context, c *engine.Call, in SendActivation) (ActivationSent, error) {
	id, a, err := u.Managed(ctx, c, rights.ManageAccounts, in.AccountID)
	if err != nil {
		return ActivationSent{}, err
	}
	return u.sendActivation(ctx, c, id, a)
}

func (u UseCases) sendActivation(ctx context.Context, c *engine.Call, id string, a account.State) (ActivationSent, error) {
	o, err := u.Organizations.See(ctx, c, a.OrganizationID)
	if err != nil {
		return ActivationSent{}, err
	}
	send := u.newActivation(c, a.Channel, o.State)
	if err := u.Accounts.Check(ctx, c, id, false, account.Command(*send)); err != nil {
		return ActivationSent{}, err
	}
	if err := keepActivation(ctx, c, id, *send); err != nil {
		return ActivationSent{}, err
	}
	done, err := u.Accounts.Decide(ctx, c, id, *send, engine.Step{Own: true})
	sent := ActivationSent{ExpiresAt: done.State.Activation.ExpiresAt}
	if badge := done.State.Standing().Badge(c.Now); badge.Stops() {
		sent.Stopped = badge
	}
	return sent, err
}

func (u UseCases) newActivation(c *engine.Call, channel account.Channel, o organization.State) *account.SendActivation {
	send := account.SendActivation{
		CredentialID: engine.SecretID(), ExpiresAt: account.ActivationDeadline(c.Now, max(1, o.Policies.ActivationMonths), o.Policies.Zone()), Now: c.Now,
	}
	if channel == account.ChannelMailAndLetter {
		send.CodeCredentialID = engine.SecretID()
		send.LetterID = LetterID(send.CodeCredentialID)
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
