package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"sleutelbos/commands/reactors"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends mails through a mail server.
type SMTP struct {
	client *gomail.Client
	from   string
}

// NewSMTP returns the sender for the URL of a mail server. With smtp://user:password@host:587
// it insists on TLS by STARTTLS; with smtps://… it speaks TLS from the first byte. With
// ?starttls=never it does without, for a mail catcher on the same machine, and refuses a
// password. The errors never show the URL.
func NewSMTP(serverURL, from string) (*SMTP, error) {
	u, err := url.Parse(serverURL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the mail server is written as smtp://host:port or smtps://host:port")
	}
	options := []gomail.Option{gomail.WithTimeout(15 * time.Second)}
	plain := u.Query().Get("starttls") == "never"
	switch {
	case u.Scheme == "smtps":
		options = append(options, gomail.WithSSLPort(false))
	case plain:
		options = append(options, gomail.WithTLSPortPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPortPolicy(gomail.TLSMandatory))
	}
	if u.Port() != "" {
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			return nil, errors.New("the mail server's port is not a number")
		}
		options = append(options, gomail.WithPort(port))
	}
	if password, ok := u.User.Password(); ok {
		if plain {
			return nil, errors.New("a password is not sent to a mail server without TLS")
		}
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("set up the mail server: %w", err)
	}
	return &SMTP{client, from}, nil
}

// Send sends one mail. An error is a *reactors.SendError; it has the code of the server and
// never its text, which may hold addresses.
func (s *SMTP) Send(ctx context.Context, m reactors.Mail) error {
	msg, err := message(m, s.from, time.Now(), gomail.EncodingQP)
	if err != nil {
		return err
	}
	err = s.client.DialAndSendWithContext(ctx, msg)
	if err == nil {
		return nil
	}
	if refused := (*gomail.SendError)(nil); errors.As(err, &refused) {
		code := refused.ErrorCode()
		return &reactors.SendError{Code: "smtp-" + strconv.Itoa(code), Permanent: code >= 500 && code < 600}
	}
	return &reactors.SendError{Code: "connect"}
}
