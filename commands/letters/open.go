package letters

import (
	"context"
	"errors"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// OpenLetter is the body of the command of that name.
type OpenLetter struct {
	LetterID string `json:"letterId" format:"uuid"`
}

// open returns what a letter says, once the log has who looked. A letter that was printed, was
// superseded or can't be printed is refused, and nobody has seen it.
func (u UseCases) open(ctx context.Context, c *engine.Call, in OpenLetter) (Content, error) {
	id, l, err := u.reach(ctx, c, rights.ManageLetters, in.LetterID)
	if err != nil {
		return Content{}, err
	}
	content, err := u.content(ctx, id, l)
	if err != nil {
		return Content{}, err
	}
	if err := u.Fits(content); err != nil {
		return Content{}, err
	}
	if _, err := u.Letters.Decide(ctx, c, id, letter.Open{}, engine.Step{Own: true}); err != nil || c.DryRun {
		return Content{}, err
	}
	content.Code, err = u.Engine.Look().SealedSecret(ctx, l.CredentialID)
	if errors.Is(err, vault.ErrNotFound) {
		err = letter.ErrPrinted // printed in this moment
	}
	return content, err
}

// content returns what a letter says beside its code.
func (u UseCases) content(ctx context.Context, id string, l letter.State) (Content, error) {
	if err := l.MayBePrinted(); err != nil {
		return Content{}, err
	}
	a, err := u.Accounts.Load(ctx, l.AccountID)
	if err != nil {
		return Content{}, err
	}
	if l.Kind == letter.KindActivationCode && a.State.Activation.CodeCredentialID != l.CredentialID {
		return Content{}, letter.ErrInvalid // a newer one was sent; the reactor will say so
	}
	o, err := u.Organizations.Load(ctx, l.OrganizationID)
	if err != nil {
		return Content{}, err
	}
	content := Content{
		LetterID: id, Recipient: a.State.Name, Organization: o.State.Name, Username: a.State.Username, Language: u.Language,
		Address: Address{a.State.Street, a.State.Postcode, a.State.City, a.State.PostalCountry}, Sender: senderOf(o.State.Sender),
		LastDay: account.LastDay(a.State.Activation.ExpiresAt, o.State.Policies.Zone()),
	}
	for entry, err := range u.Engine.Journal().Store.ReadStream(ctx, u.Letters.Stream(id), 0, eventstore.Forwards) {
		if err != nil {
			return Content{}, err
		}
		event, record, err := u.Engine.Journal().Registry.DecodeSealed(entry)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return Content{}, err
		}
		if created, ok := event.(letter.Created); ok {
			content.Subject, content.CreatedAt = created.Subject, record.Envelope.OccurredAt
		}
		break
	}
	return content, nil
}
