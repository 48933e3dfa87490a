package app_test

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/mail"
	"sleutelbos/commands/organizations"
	"sleutelbos/eventstore"
	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
)

// counter is a mail server that counts what it gets.
type counter struct{ mails chan string }

func (c counter) NewSession(*smtp.Conn) (smtp.Session, error) { return counting{mails: c.mails}, nil }

type counting struct{ mails chan string }

func (counting) Mail(string, *smtp.MailOptions) error { return nil }
func (counting) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (counting) Reset()                               {}
func (counting) Logout() error                        { return nil }
func (c counting) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	c.mails <- string(all)
	return err
}

// next waits for one more mail.
func (c counter) next(t *testing.T) {
	t.Helper()
	select {
	case <-c.mails:
	case <-time.After(time.Minute):
		t.Fatal("no mail came")
	}
}

func countMails(t *testing.T) (counter, string) {
	t.Helper()
	c := counter{make(chan string, 100)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(c)
	go func() { _ = s.Serve(l) }() // it ends with Close
	t.Cleanup(func() { _ = s.Close() })
	return c, "smtp://" + l.Addr().String() + "?starttls=never"
}

// TestARebuildSendsNothing makes every read model again, with mails in the log, while a mail server counts:
// what is sent next is the next mail.
func TestARebuildSendsNothing(t *testing.T) {
	server, address := countMails(t)
	const key, organization = "0123456789abcdef0123456789abcdef", "00000000-0000-7000-8000-000000000011"
	p := apptest.Start(t, apptest.Setup{Serving: app.Serving{BootstrapAPIKey: key}, Adjust: app.Adjust{Commands: func(o *commands.Options) {
		sender, err := mail.NewSMTP(address, "no-reply@example.nl")
		if err != nil {
			t.Error(err)
		}
		o.Mailer = sender
	}}})
	who, err := p.Commands.Access.Authenticate(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	run := func(body any) {
		t.Helper()
		if _, err := p.Commands.Run(t.Context(), engine.Request{Actor: who, Origin: eventstore.Origin{Channel: "api"}}, body); err != nil {
			t.Fatal(err)
		}
	}
	run(organizations.RegisterOrganization{OrganizationID: organization, Name: "Van Dijk", Preset: "officeheart"})
	ids := []string{"00000000-0000-7000-8000-000000000021", "00000000-0000-7000-8000-000000000022"}
	for i, id := range ids {
		run(accounts.CreateAccount{
			AccountID: id, OrganizationID: organization, Username: []string{"een@example.nl", "twee@example.nl"}[i], Name: "Klant", Role: "user", Channel: "mail_link_and_letter_code",
		})
		run(activation.SendActivation{AccountID: id})
		server.next(t)
	}
	for _, name := range p.Runner.Names() {
		if err := p.Runner.Rebuild(t.Context(), name, nil); err != nil {
			t.Fatal(err)
		}
	}
	run(activation.SendActivation{AccountID: ids[0]})
	server.next(t)
	select {
	case again := <-server.mails:
		t.Errorf("a rebuild sent %s", again)
	default:
	}
}
