package reactors

import (
	"context"

	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/internal/failure"
)

// Mail is a mail about to be sent. Link starts with the public URL.
type Mail struct {
	MessageID    string // the same for the same message, so that a receiver can drop doubles
	To           string
	Template     message.Template
	Language     string
	Text         mailtemplate.Text // what it says, with placeholders
	Organization string            // its name
	Name         string            // of the account that the mail is about
	Username     string
	Link         string
	LastDay      string // until when the link has force, "2006-01-02"
	License      string
	Standard     string // for whose sake the license is asked for
	Domain       string // that was added to the organization
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

// Failure implements failure.Sorted.
func (e *SendError) Failure() failure.Kind {
	if e.Permanent {
		return failure.Final
	}
	return failure.Passing
}

func (e *SendError) Error() string { return "the mail was not sent: " + e.Code }
