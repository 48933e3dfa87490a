package commands

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

// letter loads a letter within the reach of a right.
func (s *Service) letter(ctx context.Context, c *engine.Call, given string, right rights.Right) (string, letter.State, error) {
	if err := c.Need(right); err != nil {
		return "", letter.State{}, err
	}
	id, ok := engine.ParseID(given)
	if !ok {
		return "", letter.State{}, letter.ErrNotFound
	}
	f, err := s.letters.See(ctx, c, id)
	if err != nil {
		return "", letter.State{}, err
	}
	if !f.State.Exists {
		return "", letter.State{}, letter.ErrNotFound
	}
	return id, f.State, c.Reach(right, f.State.OrganizationID, f.State.AccountID, s.letters.Stream(id), letter.ErrNotFound)
}

// MarkLetterPrinted says that a letter is on paper. Its secret can't be shown again.
func (s *Service) MarkLetterPrinted(ctx context.Context, c *engine.Call, in MarkLetterPrinted) (engine.None, error) {
	id, l, err := s.letter(ctx, c, in.LetterID, rights.ManageLetters)
	if err != nil {
		return engine.None{}, err
	}
	if _, err := s.letters.Decide(ctx, c, id, letter.MarkPrinted{}, engine.Step{Own: true}); err != nil {
		return engine.None{}, err
	}
	return engine.None{}, c.Vault().ForgetSecret(ctx, l.CredentialID)
}

// MarkLetterSent says that a printed letter left the house.
func (s *Service) MarkLetterSent(ctx context.Context, c *engine.Call, in MarkLetterSent) (engine.None, error) {
	id, _, err := s.letter(ctx, c, in.LetterID, rights.ManageLetters)
	if err != nil {
		return engine.None{}, err
	}
	_, err = s.letters.Decide(ctx, c, id, letter.MarkSent{}, engine.Step{Own: true})
	return engine.None{}, err
}

// OpenLetter answers what a letter says, for who may manage letters. Code is empty once
// the letter was printed; letter.ErrInvalid once it was superseded or used.
func (s *Service) OpenLetter(ctx context.Context, who rights.Principal, letterID string) (LetterContent, error) {
	ctx, cancel := s.Patient(ctx)
	defer cancel()
	c, err := s.Begin(engine.Request{Name: "OpenLetter", Actor: who})
	if err != nil {
		return LetterContent{}, err
	}
	return s.openLetter(ctx, c, letterID)
}

func (s *Service) openLetter(ctx context.Context, c *engine.Call, given string) (LetterContent, error) {
	id, l, err := s.letter(ctx, c, given, rights.ManageLetters)
	if err != nil {
		return LetterContent{}, err
	}
	if err := l.MayBePrinted(); err != nil {
		return LetterContent{}, err
	}
	a, err := s.accounts.Load(ctx, l.AccountID)
	if err != nil {
		return LetterContent{}, err
	}
	if l.Kind == letter.KindActivationCode && a.State.Activation.CodeCredentialID != l.CredentialID {
		return LetterContent{}, letter.ErrInvalid // a newer one was sent; the reactor will say so
	}
	o, err := s.organizations.Load(ctx, l.OrganizationID)
	if err != nil {
		return LetterContent{}, err
	}
	content := LetterContent{
		LetterID: id, Recipient: a.State.Name, Organization: o.State.Name, Username: a.State.Username, Language: s.language,
		LastDay: account.LastDay(a.State.Activation.ExpiresAt, zone(o.State)),
	}
	for entry, err := range s.Journal().Store.ReadStream(ctx, s.letters.Stream(id), 0, eventstore.Forwards) {
		if err != nil {
			return LetterContent{}, err
		}
		event, record, err := s.Journal().Registry.DecodeSealed(entry)
		if err != nil {
			return LetterContent{}, err
		}
		if created, ok := event.(letter.Created); ok {
			content.Subject, content.CreatedAt = created.Subject, record.Envelope.OccurredAt
		}
		break
	}
	if content.Code, err = s.Look().SealedSecret(ctx, l.CredentialID); errors.Is(err, vault.ErrNotFound) {
		err = nil // it was printed
	}
	return content, err
}
