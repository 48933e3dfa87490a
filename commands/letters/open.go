package letters

import (
	"context"
	"errors"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Content is what a letter says. The code is empty once the letter was printed, superseded or
// used.
type Content struct {
	LetterID, Subject, Recipient, Organization, Username, Code string
	Language                                                   string
	LastDay                                                    string
	CreatedAt                                                  time.Time
}

// Open returns what a letter says, to an asker who may manage letters. The code is empty once
// the letter was printed. Once it was superseded or used, Open returns letter.ErrInvalid.
func (u UseCases) Open(ctx context.Context, who rights.Principal, letterID string) (Content, error) {
	ctx, cancel := u.Engine.Patient(ctx)
	defer cancel()
	c, err := u.Engine.Begin(engine.Request{Name: "OpenLetter", Actor: who})
	if err != nil {
		return Content{}, err
	}
	return u.open(ctx, c, letterID)
}

func (u UseCases) open(ctx context.Context, c *engine.Call, given string) (Content, error) {
	id, l, err := u.reach(ctx, c, rights.ManageLetters, given)
	if err != nil {
		return Content{}, err
	}
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
		LastDay: account.LastDay(a.State.Activation.ExpiresAt, o.State.Policies.Zone()),
	}
	for entry, err := range u.Engine.Journal().Store.ReadStream(ctx, u.Letters.Stream(id), 0, eventstore.Forwards) {
		if err != nil {
			return Content{}, err
		}
		event, record, err := u.Engine.Journal().Registry.DecodeSealed(entry)
		if err != nil {
			return Content{}, err
		}
		if created, ok := event.(letter.Created); ok {
			content.Subject, content.CreatedAt = created.Subject, record.Envelope.OccurredAt
		}
		break
	}
	if content.Code, err = u.Engine.Look().SealedSecret(ctx, l.CredentialID); errors.Is(err, vault.ErrNotFound) {
		err = nil // it was printed
	}
	return content, err
}
