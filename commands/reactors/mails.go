package reactors

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sleutelbos/commands/access"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/mailtemplates"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/eventstore/vault"
	"sleutelbos/internal/failure"
)

// Mails sends the mails that were queued.
type Mails struct {
	access.Access
	Messages  *aggregates.Messages
	Texts     mailtemplates.UseCases
	Licenses  *aggregates.Licenses
	Requests  *aggregates.Requests
	Mailer    Mailer
	PublicURL string // every link starts with it
}

// Reactor returns the reactor that makes the first attempt at each mail.
func (m Mails) Reactor() Reactor {
	return Reactor{Name: "mail", Types: catalog.NamesOf(message.Queued{}, message.Requeued{}), Handle: m.sendQueued}
}

// retryAfter is how long a message waits after each failed attempt; after the last it is
// given up.
var retryAfter = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

// sendQueued makes the first attempt at a message. The repairs make the later ones.
func (m Mails) sendQueued(ctx context.Context, _ any, rec eventstore.Record) error {
	f, err := m.Messages.Load(ctx, rec.AggregateID())
	if err != nil || f.State.Sent || f.State.GivenUp || f.State.Attempts > 0 {
		return err
	}
	return m.send(ctx, rec.AggregateID())
}

func (m Mails) resend(ctx context.Context, id string) error {
	f, err := m.Messages.Load(ctx, id)
	if err != nil || f.State.Sent || f.State.GivenUp {
		return err
	}
	return m.send(ctx, id)
}

// send makes one attempt at a message that is neither sent nor given up. The attempt is
// recorded; whoever fails to record it sends once more.
func (m Mails) send(ctx context.Context, id string) error {
	c, err := m.Engine.Begin(engine.Request{Name: "SendMessage", Actor: rights.System("mail"), Origin: engine.SystemOrigin})
	if err != nil {
		return err
	}
	queued, err := m.queued(ctx, id)
	if err != nil {
		return err
	}
	c.Concerns(queued.OrganizationID, queued.AccountID, m.Messages.Stream(id))
	mail, err := m.compose(ctx, id, queued)
	if err == nil {
		err = m.Mailer.Send(ctx, mail)
	}
	if err != nil {
		return m.failed(ctx, c, id, err)
	}
	if _, err := m.Messages.Decide(ctx, c, id, message.MarkSent{}, engine.Step{}); err != nil {
		return err
	}
	if queued.CredentialID != "" && !queued.ToAdmin { // several administrators get the same link
		return c.Vault().ForgetSecret(ctx, queued.CredentialID)
	}
	return nil
}

// failed records an attempt that the mail server refused, or that can never succeed. Anything
// else is no attempt: a store was out of reach, and the message waits.
func (m Mails) failed(ctx context.Context, c *engine.Call, id string, why error) error {
	code, final := failure.Code(why), failure.Of(why) == failure.Final
	if refused, ok := errors.AsType[*SendError](why); ok {
		code = refused.Code
	} else if !final {
		return fmt.Errorf("send message %s: %w", id, why)
	}
	if domain.Identifier("error", code) != nil {
		code = "other"
	}
	_, err := m.Messages.Decide(ctx, c, id, message.MarkFailed{Error: code, Final: final, Most: len(retryAfter) + 1}, engine.Step{})
	return err
}

// queued reads how a message began.
func (m Mails) queued(ctx context.Context, id string) (message.Queued, error) {
	for entry, err := range m.Engine.Journal().Read(ctx, m.Messages.Stream(id), eventstore.Tail{}) {
		if err != nil {
			return message.Queued{}, err
		}
		if queued, ok := entry.Event.(message.Queued); ok {
			return queued, nil
		}
	}
	return message.Queued{}, message.ErrNotFound
}

// compose looks up what a mail says, at the moment of sending: the message itself holds
// nothing personal but the address.
func (m Mails) compose(ctx context.Context, id string, q message.Queued) (Mail, error) {
	if eventstore.Lost(q.Recipient) {
		return Mail{}, &SendError{Code: "erased", Permanent: true}
	}
	o, err := m.Organizations.Load(ctx, q.OrganizationID)
	if err != nil {
		return Mail{}, err
	}
	mail := Mail{
		MessageID: id, To: q.Recipient, Template: q.Template, Language: q.Language, Organization: o.State.Name, ToAdmin: q.ToAdmin,
	}
	if mail.Text, err = m.Texts.Text(ctx, q); err != nil {
		return Mail{}, err
	}
	about := q.AccountID
	if request := q.Variables["request_id"]; request != "" {
		r, err := m.Requests.Load(ctx, request)
		if err != nil {
			return Mail{}, err
		}
		l, err := m.Licenses.Load(ctx, r.State.LicenseID)
		if err != nil {
			return Mail{}, err
		}
		about, mail.License, mail.Standard, mail.Link = r.State.AccountID, l.State.Name, r.State.Standard, m.url("/requests/"+request)
		asked := q.Template == message.TemplateLicenseRequest || q.Template == message.TemplateStandardRequest
		if mail.Reason, err = m.reasonOf(ctx, request, asked); err != nil {
			return Mail{}, err
		}
	}
	if id := q.Variables["license_id"]; id != "" {
		l, err := m.Licenses.Load(ctx, id)
		if err != nil {
			return Mail{}, err
		}
		mail.License = l.State.Name
	}
	if mail.Domain = q.Variables["domain"]; mail.Domain != "" {
		mail.Link = m.url("/me")
	}
	a, err := m.Accounts.Load(ctx, about)
	if err != nil {
		return Mail{}, err
	}
	mail.Name, mail.Username = a.State.Name, a.State.Username
	if q.CredentialID == "" {
		return mail, nil
	}
	if a.State.Activation.CredentialID != q.CredentialID || a.State.Activated {
		return Mail{}, &SendError{Code: "superseded", Permanent: true}
	}
	token, err := m.Engine.Look().SealedSecret(ctx, q.CredentialID)
	switch {
	case errors.Is(err, vault.ErrNotFound):
		return Mail{}, &SendError{Code: "link-expired", Permanent: true}
	case err != nil:
		return Mail{}, err
	}
	mail.Link, mail.LastDay = m.url(activation.Path+token), account.LastDay(a.State.Activation.ExpiresAt, o.State.Policies.Zone())
	return mail, nil
}

func (m Mails) url(path string) string { return strings.TrimSuffix(m.PublicURL, "/") + path }

// reasonOf returns why a license was asked for, or why it was rejected.
func (m Mails) reasonOf(ctx context.Context, requestID string, asked bool) (string, error) {
	reason := ""
	for entry, err := range m.Engine.Journal().Read(ctx, m.Requests.Stream(requestID), eventstore.Tail{}) {
		if err != nil {
			return "", err
		}
		switch e := entry.Event.(type) {
		case licenserequest.Requested:
			if asked {
				reason = e.Reason
			}
		case licenserequest.Rejected:
			if !asked {
				reason = e.Reason
			}
		}
	}
	return reason, nil
}
