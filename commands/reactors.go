package commands

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/domain/letter"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Reactor answers events with effects. Handle may get an event twice: what it makes has an
// id that follows from the event.
type Reactor struct {
	Name   string
	Types  []string // the stored names that it asks for
	Handle func(ctx context.Context, event any, rec eventstore.Record) error
}

// Reactors answers every reactor; the caller runs each with a checkpoint of its own, in
// one process at a time. What follows from a command and may be missing after a crash is
// not theirs but Sweep's.
func (s *Service) Reactors() []Reactor {
	return []Reactor{
		{"messages", catalog.NamesOf(account.ActivationSent{}, licenserequest.Requested{}, licenserequest.Approved{}, licenserequest.Rejected{}), s.queueMessages},
		{"mail", catalog.NamesOf(message.Queued{}), s.sendQueued},
		{"letters", catalog.NamesOf(account.ActivationSent{}, account.ActivationSuperseded{}, account.ActivationExpired{}, account.Activated{}), s.keepLetters},
	}
}

// reaction is the call of a reactor to an event.
func (s *Service) reaction(part string, rec eventstore.Record) (*engine.Call, error) {
	c, err := s.Begin(engine.Request{
		ID: uuid.NewSHA1(rec.ID, []byte(part)), Name: part, Actor: rights.System(part), Origin: engine.SystemOrigin,
		CorrelationID: rec.Envelope.CorrelationID, CausationID: rec.ID.String(),
	})
	if err == nil {
		c.Concerns(rec.Envelope.Organization, rec.AccountID(), rec.Stream)
	}
	return c, err
}

func (s *Service) queueMessages(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := s.reaction("messages", rec)
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case account.ActivationSent:
		return s.queueActivation(ctx, c, e, rec)
	case licenserequest.Requested:
		return s.queueRequest(ctx, c, e, rec)
	case licenserequest.Approved:
		return s.queueDecision(ctx, c, e.AccountID, message.TemplateLicenseApproved, rec)
	case licenserequest.Rejected:
		return s.queueDecision(ctx, c, e.AccountID, message.TemplateLicenseRejected, rec)
	}
	return nil
}

func (s *Service) queueActivation(ctx context.Context, c *engine.Call, e account.ActivationSent, rec eventstore.Record) error {
	f, err := s.accounts.Load(ctx, rec.AggregateID())
	if err != nil || f.State.Activation.CredentialID != e.CredentialID {
		return err // a newer one has a mail of its own
	}
	o, err := s.organizations.Load(ctx, f.State.OrganizationID)
	if err != nil {
		return err
	}
	template := message.TemplateInvitation
	switch {
	case e.Channel == account.ChannelMailAndLetter:
		template = message.TemplatePortalActivation
	case e.Attempt > 1:
		template = message.TemplateRegistrationAgain
	case o.State.Policies.Licenses:
		template = message.TemplateRegistration
	}
	to, err := s.recipients(ctx, c, rec.AggregateID(), f.State)
	if err != nil {
		return err
	}
	return s.queue(ctx, c, rec, f.State.OrganizationID, to, message.Queue{Template: template, CredentialID: e.CredentialID})
}

func (s *Service) queueRequest(ctx context.Context, c *engine.Call, e licenserequest.Requested, rec eventstore.Record) error {
	o, err := s.organizations.Load(ctx, e.OrganizationID)
	if err != nil {
		return err
	}
	to, err := s.adminRecipients(ctx, c, o.State, e.AccountID)
	if err != nil {
		return err
	}
	return s.queue(ctx, c, rec, e.OrganizationID, to, message.Queue{Template: message.TemplateLicenseRequest, Variables: aboutRequest(rec)})
}

func (s *Service) queueDecision(ctx context.Context, c *engine.Call, accountID string, template message.Template, rec eventstore.Record) error {
	f, err := s.accounts.Load(ctx, accountID)
	if err != nil {
		return err
	}
	to, err := s.recipients(ctx, c, accountID, f.State)
	if err != nil {
		return err
	}
	return s.queue(ctx, c, rec, f.State.OrganizationID, to, message.Queue{Template: template, Variables: aboutRequest(rec)})
}

func aboutRequest(rec eventstore.Record) map[string]string {
	return map[string]string{"request_id": rec.AggregateID()}
}

// queue makes one message for each recipient that has an address.
func (s *Service) queue(ctx context.Context, c *engine.Call, rec eventstore.Record, organizationID string, to []recipient, q message.Queue) error {
	for _, r := range to {
		if r.address == "" {
			continue // an account without one gets its password another way
		}
		q.AccountID, q.OrganizationID, q.Recipient, q.ToAdmin, q.Language = r.account, organizationID, r.address, r.admin, s.language
		id := uuid.NewSHA1(rec.ID, []byte("mail/"+r.address)).String()
		if _, err := s.messages.Decide(ctx, c, id, q, engine.Step{}); err != nil {
			return fmt.Errorf("queue a %s mail: %w", q.Template, err)
		}
	}
	return nil
}

// sendQueued makes the first attempt at a message; later ones are Sweep's.
func (s *Service) sendQueued(ctx context.Context, _ any, rec eventstore.Record) error {
	f, err := s.messages.Load(ctx, rec.AggregateID())
	if err != nil || f.State.Sent || f.State.GivenUp || f.State.Attempts > 0 {
		return err
	}
	return s.send(ctx, rec.AggregateID())
}

// keepLetters makes the letter of an activation, and ends it with the activation.
func (s *Service) keepLetters(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := s.reaction("letters", rec)
	if err != nil {
		return err
	}
	f, err := s.accounts.Load(ctx, rec.AggregateID())
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case account.ActivationSent:
		if e.LetterID == "" {
			return nil
		}
		_, err = s.letters.Decide(ctx, c, e.LetterID, letter.Create{
			AccountID: rec.AggregateID(), OrganizationID: f.State.OrganizationID, Kind: letter.KindActivationCode,
			Recipient: f.State.Name, CredentialID: e.CodeCredentialID,
		}, engine.Step{})
		return err
	case account.ActivationSuperseded:
		return s.endLetter(ctx, c, e.CodeCredentialID, letter.BecauseSuperseded)
	case account.ActivationExpired:
		if f.State.Activation.CredentialID == e.CredentialID {
			return s.endLetter(ctx, c, f.State.Activation.CodeCredentialID, letter.BecauseExpired)
		}
	case account.Activated:
		return s.endLetter(ctx, c, f.State.Activation.CodeCredentialID, letter.BecauseActivated)
	}
	return nil
}

func (s *Service) endLetter(ctx context.Context, c *engine.Call, codeCredentialID string, because letter.Because) error {
	if codeCredentialID == "" {
		return nil
	}
	if err := c.Vault().Revoke(ctx, codeCredentialID); err != nil {
		return err
	}
	id := letterID(codeCredentialID)
	f, err := s.letters.Load(ctx, id)
	if err != nil || !f.State.Exists {
		return err
	}
	_, err = s.letters.Decide(ctx, c, id, letter.Invalidate{Because: because}, engine.Step{})
	return err
}
