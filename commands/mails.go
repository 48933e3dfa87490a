package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/message"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// ActivationPath is where the activation page is, below the public URL; the token follows.
const ActivationPath = "/activate/"

// Mail is a mail about to be sent. Link starts with the public URL.
type Mail struct {
	MessageID    string // the same for the same message, so that a receiver can drop doubles
	To           string
	Template     message.Template
	Language     string
	Organization string // its name
	Name         string // of the account that the mail is about
	Username     string
	Link         string
	LastDay      string // until when the link has force, "2006-01-02"
	License      string
	Reason       string
	ToAdmin      bool // it goes to an administrator in the holder's place
}

// Mailer sends mails. Sending the same message twice must do no harm but a double mail.
// A refusal of the mail server is a *SendError.
type Mailer interface {
	Send(ctx context.Context, m Mail) error
}

// SendError says why a mail was not sent, by a code: the server's own text may hold addresses.
type SendError struct {
	Code      string // e.g. "smtp-550", "connect"
	Permanent bool   // trying again can't help
}

func (e *SendError) Error() string { return "the mail was not sent: " + e.Code }

// retryAfter is how long a message waits after each failed attempt; after the last it is
// given up.
var retryAfter = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}

var errNoMessage = errors.New("the message has no beginning")

// send makes one attempt at a message that is neither sent nor given up. The attempt is
// recorded; whoever fails to record it sends once more.
func (s *Service) send(ctx context.Context, id string) error {
	c, err := s.Begin(engine.Request{Name: "SendMessage", Actor: rights.System("mail"), Origin: engine.SystemOrigin})
	if err != nil {
		return err
	}
	queued, err := s.queued(ctx, id)
	if err != nil {
		return err
	}
	c.Concerns(queued.OrganizationID, queued.AccountID, s.messages.Stream(id))
	mail, err := s.compose(ctx, id, queued)
	if err == nil {
		err = s.mailer.Send(ctx, mail)
	}
	failure := (*SendError)(nil)
	switch {
	case err == nil:
		if _, err := s.messages.Decide(ctx, c, id, message.MarkSent{}, engine.Step{}); err != nil {
			return err
		}
		if queued.CredentialID != "" && !queued.ToAdmin { // several administrators get the same link
			return c.Vault().ForgetSecret(ctx, queued.CredentialID)
		}
		return nil
	case !errors.As(err, &failure):
		return fmt.Errorf("send message %s: %w", id, err)
	}
	code := failure.Code
	if domain.Identifier("error", code) != nil {
		code = "other"
	}
	done, err := s.messages.Decide(ctx, c, id, message.MarkFailed{Error: code}, engine.Step{})
	if err == nil && (failure.Permanent || done.State.Attempts > len(retryAfter)) {
		_, err = s.messages.Decide(ctx, c, id, message.GiveUp{}, engine.Step{})
	}
	return err
}

// queued reads how a message began.
func (s *Service) queued(ctx context.Context, id string) (message.Queued, error) {
	for entry, err := range s.Journal().Read(ctx, s.messages.Stream(id), eventstore.Tail{}) {
		if err != nil {
			return message.Queued{}, err
		}
		if queued, ok := entry.Event.(message.Queued); ok {
			return queued, nil
		}
	}
	return message.Queued{}, errNoMessage
}

// compose looks up what a mail says, at the moment of sending: the message itself holds
// nothing personal but the address.
func (s *Service) compose(ctx context.Context, id string, q message.Queued) (Mail, error) {
	if q.Recipient == eventstore.Erased {
		return Mail{}, &SendError{Code: "erased", Permanent: true}
	}
	o, err := s.organizations.Load(ctx, q.OrganizationID)
	if err != nil {
		return Mail{}, err
	}
	m := Mail{
		MessageID: id, To: q.Recipient, Template: q.Template, Language: q.Language, Organization: o.State.Name, ToAdmin: q.ToAdmin,
	}
	about := q.AccountID
	if request := q.Variables["request_id"]; request != "" {
		r, err := s.requests.Load(ctx, request)
		if err != nil {
			return Mail{}, err
		}
		l, err := s.licenses.Load(ctx, r.State.LicenseID)
		if err != nil {
			return Mail{}, err
		}
		about, m.License, m.Link = r.State.AccountID, l.State.Name, s.url("/requests/"+request)
		if m.Reason, err = s.reasonOf(ctx, request, q.Template == message.TemplateLicenseRequest); err != nil {
			return Mail{}, err
		}
	}
	a, err := s.accounts.Load(ctx, about)
	if err != nil {
		return Mail{}, err
	}
	m.Name, m.Username = a.State.Name, a.State.Username
	if q.CredentialID == "" {
		return m, nil
	}
	if a.State.Activation.CredentialID != q.CredentialID || a.State.Activated {
		return Mail{}, &SendError{Code: "superseded", Permanent: true}
	}
	token, err := s.Look().SealedSecret(ctx, q.CredentialID)
	if err != nil {
		return Mail{}, &SendError{Code: "link-expired", Permanent: true}
	}
	m.Link, m.LastDay = s.url(ActivationPath+token), account.LastDay(a.State.Activation.ExpiresAt, zone(o.State))
	return m, nil
}

func (s *Service) url(path string) string { return strings.TrimSuffix(s.publicURL, "/") + path }

// reasonOf answers why a license was asked for, or why it was rejected.
func (s *Service) reasonOf(ctx context.Context, requestID string, asked bool) (string, error) {
	reason := ""
	for entry, err := range s.Journal().Read(ctx, s.requests.Stream(requestID), eventstore.Tail{}) {
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

// recipient is who gets a mail.
type recipient struct {
	account string // whose key seals the address
	address string
	admin   bool // in the holder's place
}

// recipients answers who gets the mail of an account: its holder, or where it says so the
// administrators.
func (s *Service) recipients(ctx context.Context, c *engine.Call, accountID string, a account.State) ([]recipient, error) {
	if !a.MailToAdmin {
		return []recipient{{accountID, a.Address(), false}}, nil
	}
	o, err := s.organizations.Load(ctx, a.OrganizationID)
	if err != nil {
		return nil, err
	}
	admins, err := s.adminRecipients(ctx, c, o.State, accountID)
	for i := range admins {
		admins[i].account, admins[i].admin = accountID, true
	}
	return admins, err
}

// adminRecipients answers every administrator who can log in, but the one that it is about,
// and if there is none the support address: never nobody (AMB-N7, AMB-N8).
func (s *Service) adminRecipients(ctx context.Context, c *engine.Call, o organization.State, but string) ([]recipient, error) {
	able, err := s.able(ctx, c, o)
	if err != nil {
		return nil, err
	}
	var all []recipient
	for _, id := range able {
		f, err := s.accounts.Load(ctx, id)
		if err != nil {
			return nil, err
		}
		if address := f.State.Address(); address != "" && id != but {
			all = append(all, recipient{account: id, address: address})
		}
	}
	if len(all) == 0 && s.support != "" {
		all = append(all, recipient{account: but, address: s.support})
	}
	if len(all) == 0 {
		s.Log().ErrorContext(ctx, "a mail has nobody to go to: no administrator has an address, and no support address is configured", "account", but)
	}
	return all, nil
}
