package commands

import (
	"context"
	"errors"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// letter loads a letter within the reach of a right.
func (s *Service) letter(ctx context.Context, c *Call, given string, right rights.Right) (string, letter.State, error) {
	if err := c.need(right); err != nil {
		return "", letter.State{}, err
	}
	id, ok := parseID(given)
	if !ok {
		return "", letter.State{}, letter.ErrNotFound
	}
	f, err := s.letters.see(ctx, c, id)
	if err != nil {
		return "", letter.State{}, err
	}
	if !f.state.Exists {
		return "", letter.State{}, letter.ErrNotFound
	}
	return id, f.state, c.reach(right, f.state.OrganizationID, f.state.AccountID, s.letters.stream(id), letter.ErrNotFound)
}

// MarkLetterPrinted says that a letter is on paper. Its secret can't be shown again.
func (s *Service) MarkLetterPrinted(ctx context.Context, c *Call, in MarkLetterPrinted) (None, error) {
	id, l, err := s.letter(ctx, c, in.LetterID, rights.ManageLetters)
	if err != nil {
		return None{}, err
	}
	if _, err := s.letters.decide(ctx, c, id, letter.MarkPrinted{}, step{own: true}); err != nil || c.DryRun {
		return None{}, err
	}
	return None{}, s.Vault.ForgetSecret(ctx, l.CredentialID)
}

// MarkLetterSent says that a printed letter left the house.
func (s *Service) MarkLetterSent(ctx context.Context, c *Call, in MarkLetterSent) (None, error) {
	id, _, err := s.letter(ctx, c, in.LetterID, rights.ManageLetters)
	if err != nil {
		return None{}, err
	}
	_, err = s.letters.decide(ctx, c, id, letter.MarkSent{}, step{own: true})
	return None{}, err
}

// OpenLetter answers what a letter says, for who may manage letters. Code is empty once
// the letter was printed; letter.ErrInvalid once it was superseded or used.
func (s *Service) OpenLetter(ctx context.Context, who rights.Principal, letterID string) (LetterContent, error) {
	ctx, cancel := s.patient(ctx)
	defer cancel()
	c, err := s.begin(Request{Name: "OpenLetter", Actor: who})
	if err != nil {
		return LetterContent{}, err
	}
	return s.openLetter(ctx, c, letterID)
}

func (s *Service) openLetter(ctx context.Context, c *Call, given string) (LetterContent, error) {
	id, l, err := s.letter(ctx, c, given, rights.ManageLetters)
	if err != nil {
		return LetterContent{}, err
	}
	if err := l.MayBePrinted(); err != nil {
		return LetterContent{}, err
	}
	a, err := s.accounts.load(ctx, l.AccountID)
	if err != nil {
		return LetterContent{}, err
	}
	if l.Kind == letter.KindActivationCode && a.state.Activation.CodeCredentialID != l.CredentialID {
		return LetterContent{}, letter.ErrInvalid // a newer one was sent; the reactor will say so
	}
	o, err := s.organizations.load(ctx, l.OrganizationID)
	if err != nil {
		return LetterContent{}, err
	}
	content := LetterContent{
		LetterID: id, Recipient: a.state.Name, Organization: o.state.Name, Username: a.state.Username, Language: s.Language,
		LastDay: account.LastDay(a.state.Activation.ExpiresAt, zone(o.state)),
	}
	for entry, err := range s.Journal.Store.ReadStream(ctx, s.letters.stream(id), 0, eventstore.Forwards) {
		if err != nil {
			return LetterContent{}, err
		}
		event, record, err := s.Journal.Registry.DecodeSealed(entry)
		if err != nil {
			return LetterContent{}, err
		}
		if created, ok := event.(letter.Created); ok {
			content.Subject, content.CreatedAt = created.Subject, record.Envelope.OccurredAt
		}
		break
	}
	if content.Code, err = s.Vault.SealedSecret(ctx, l.CredentialID); errors.Is(err, vault.ErrNotFound) {
		err = nil // it was printed
	}
	return content, err
}
