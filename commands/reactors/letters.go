package reactors

import (
	"context"

	"sleutelbos/commands/access"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Letters makes the letters that follow from activations, and ends them.
type Letters struct {
	access.Access
	Letters *aggregates.Letters
}

// Reactor returns the reactor that keeps the letters.
func (l Letters) Reactor() Reactor {
	return Reactor{Name: "letters", Types: catalog.NamesOf(account.ActivationSent{}, account.ActivationSuperseded{}, account.ActivationExpired{}, account.Activated{}), Handle: l.react}
}

// react makes the letter of an activation, and ends it with the activation.
func (l Letters) react(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := reaction(l.Engine, "letters", rec)
	if err != nil {
		return err
	}
	f, err := l.Accounts.Load(ctx, rec.AggregateID())
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case account.ActivationSent:
		if e.LetterID == "" {
			return nil
		}
		_, err = l.Letters.Decide(ctx, c, e.LetterID, letter.Create{
			AccountID: rec.AggregateID(), OrganizationID: f.State.OrganizationID, Kind: letter.KindActivationCode,
			Recipient: f.State.Name, CredentialID: e.CodeCredentialID,
		}, engine.Step{})
		return err
	case account.ActivationSuperseded:
		return l.endLetter(ctx, c, e.CodeCredentialID, letter.BecauseSuperseded)
	case account.ActivationExpired:
		if f.State.Activation.CredentialID == e.CredentialID {
			return l.endLetter(ctx, c, f.State.Activation.CodeCredentialID, letter.BecauseExpired)
		}
	case account.Activated:
		return l.endLetter(ctx, c, f.State.Activation.CodeCredentialID, letter.BecauseActivated)
	}
	return nil
}

func (l Letters) endLetter(ctx context.Context, c *engine.Call, codeCredentialID string, because letter.Because) error {
	if codeCredentialID == "" {
		return nil
	}
	if err := c.Vault().Revoke(ctx, codeCredentialID); err != nil {
		return err
	}
	id := activation.LetterID(codeCredentialID)
	f, err := l.Letters.Load(ctx, id)
	if err != nil || !f.State.Exists {
		return err
	}
	_, err = l.Letters.Decide(ctx, c, id, letter.Invalidate{Because: because}, engine.Step{})
	return err
}
