package reactors

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/commands/access"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/mailtemplates"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// Messages queues the mails that follow from events.
type Messages struct {
	access.Access
	Admins   admins.UseCases
	Members  licenses.Members
	Texts    mailtemplates.UseCases
	Support  string // the mail address for what no administrator can be told; empty for none
	Language string // of the mails
}

// Reactor returns the reactor that queues.
func (m Messages) Reactor() Reactor {
	return Reactor{Name: "messages", Types: catalog.NamesOf(account.ActivationSent{}, licenserequest.Requested{}, licenserequest.Approved{}, licenserequest.Rejected{}, license.Granted{}, license.Revoked{}, organization.DomainAllowed{}), Handle: m.react}
}

func (m Messages) react(ctx context.Context, event any, rec eventstore.Record) error {
	c, err := reaction(m.Engine, "messages", rec)
	if err != nil {
		return err
	}
	switch e := event.(type) {
	case account.ActivationSent:
		return m.queueActivation(ctx, c, e, rec)
	case licenserequest.Requested:
		return m.queueRequest(ctx, c, e, rec)
	case licenserequest.Approved:
		return m.queueDecision(ctx, c, e.AccountID, message.TemplateLicenseApproved, rec)
	case licenserequest.Rejected:
		return m.queueDecision(ctx, c, e.AccountID, message.TemplateLicenseRejected, rec)
	case license.Granted:
		return m.queueGrant(ctx, c, e, rec)
	case license.Revoked:
		return m.queueRevocation(ctx, c, e, rec)
	case organization.DomainAllowed:
		return m.queueDomain(ctx, c, e, rec)
	}
	return nil
}

func (m Messages) queueActivation(ctx context.Context, c *engine.Call, e account.ActivationSent, rec eventstore.Record) error {
	f, err := m.Accounts.Load(ctx, rec.AggregateID())
	if err != nil || f.State.Activation.CredentialID != e.CredentialID {
		return err // a newer one has a mail of its own
	}
	o, err := m.Organizations.Load(ctx, f.State.OrganizationID)
	if err != nil {
		return err
	}
	template := message.TemplateInvitation
	switch {
	case e.Channel == account.ChannelMailAndLetter:
		template = message.TemplatePortalActivation
	case e.Attempt > 1:
		template = message.TemplateRegistrationAgain
	case o.State.Preset.Registers():
		template = message.TemplateRegistration
	}
	to, err := m.recipients(ctx, c, rec.AggregateID(), f.State)
	if err != nil {
		return err
	}
	return m.queue(ctx, c, rec, f.State.OrganizationID, to, message.Queue{Template: template, CredentialID: e.CredentialID})
}

func (m Messages) queueRequest(ctx context.Context, c *engine.Call, e licenserequest.Requested, rec eventstore.Record) error {
	o, err := m.Organizations.Load(ctx, e.OrganizationID)
	if err != nil {
		return err
	}
	to, err := m.adminRecipients(ctx, c, o.State, e.AccountID)
	if err != nil {
		return err
	}
	template := message.TemplateLicenseRequest
	if e.Standard != "" {
		template = message.TemplateStandardRequest
	}
	return m.queue(ctx, c, rec, e.OrganizationID, to, message.Queue{Template: template, Variables: aboutRequest(rec)})
}

func (m Messages) queueDecision(ctx context.Context, c *engine.Call, accountID string, template message.Template, rec eventstore.Record) error {
	return m.queueToHolder(ctx, c, accountID, message.Queue{Template: template, Variables: aboutRequest(rec)}, rec)
}

// queueGrant tells the holder of a license that nobody asked for. A request that is approved has a mail of
// its own, and who had access through the whole organization has it still.
func (m Messages) queueGrant(ctx context.Context, c *engine.Call, e license.Granted, rec eventstore.Record) error {
	if e.Origin != license.OriginAdmin {
		return nil
	}
	return m.queueToHolder(ctx, c, e.AccountID, message.Queue{Template: message.TemplateLicenseGranted, Variables: aboutLicense(rec)}, rec)
}

// queueRevocation tells the holder that a license was taken back. The reason is for the history, as the
// form says. Whose account is closed hears nothing.
func (m Messages) queueRevocation(ctx context.Context, c *engine.Call, e license.Revoked, rec eventstore.Record) error {
	if e.Because != license.BecauseTakenBack {
		return nil
	}
	return m.queueToHolder(ctx, c, e.AccountID, message.Queue{Template: message.TemplateLicenseRevoked, Variables: aboutLicense(rec)}, rec)
}

func (m Messages) queueToHolder(ctx context.Context, c *engine.Call, accountID string, q message.Queue, rec eventstore.Record) error {
	f, err := m.Accounts.Load(ctx, accountID)
	if err != nil {
		return err
	}
	to, err := m.recipients(ctx, c, accountID, f.State)
	if err != nil {
		return err
	}
	return m.queue(ctx, c, rec, f.State.OrganizationID, to, q)
}

func aboutRequest(rec eventstore.Record) map[string]string {
	return map[string]string{"request_id": rec.AggregateID()}
}

func aboutLicense(rec eventstore.Record) map[string]string {
	return map[string]string{"license_id": rec.AggregateID()}
}

// queue makes one message for each recipient that has an address. One that is refused keeps none
// from the others.
func (m Messages) queue(ctx context.Context, c *engine.Call, rec eventstore.Record, organizationID string, to []recipient, q message.Queue) error {
	var errs []error
	for _, r := range to {
		if r.address == "" {
			continue // an account without one gets its password another way
		}
		q.AccountID, q.OrganizationID, q.Recipient, q.ToAdmin, q.Language = r.account, organizationID, r.address, r.admin, m.Language
		id := uuid.NewSHA1(rec.ID, []byte("mail/"+r.account+"/"+r.address)).String()
		if err := m.Texts.Queue(ctx, c, id, q); err != nil {
			errs = append(errs, fmt.Errorf("queue a %s mail: %w", q.Template, err))
		}
	}
	return errors.Join(errs...)
}
