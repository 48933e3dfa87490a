package mail_test

import (
	"errors"
	"io"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"sleutelbos/commands/mail"
	"sleutelbos/commands/reactors"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func sample(template message.Template, language string) reactors.Mail {
	return reactors.Mail{
		MessageID: "00000000-0000-7000-8000-000000000009", To: "jan@example.nl", Template: template, Language: language,
		Organization: "De Linde", Name: "Jan Jansen", Username: "jan@example.nl",
		Link: "http://127.0.0.1:8080/activate/abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", LastDay: "2026-04-14",
		License: "NEN 7510", Reason: "voor mijn werk", Text: mailtemplate.BuiltIn(template, language),
	}
}

// TestEveryTemplateInEveryLanguage holds O-15.
func TestEveryTemplateInEveryLanguage(t *testing.T) {
	withLink := map[message.Template]bool{
		message.TemplatePortalActivation: true, message.TemplateInvitation: true, message.TemplateRegistration: true,
		message.TemplateRegistrationAgain: true, message.TemplateReminder: false, message.TemplateLicenseRequest: true, message.TemplateStandardRequest: true,
		message.TemplateLicenseApproved: false, message.TemplateLicenseRejected: false,
		message.TemplateLicenseGranted: false, message.TemplateLicenseRevoked: false, message.TemplateDomainAdded: true,
	}
	for _, template := range message.Templates() {
		link, said := withLink[template]
		if !said {
			t.Errorf("say whether a mail %s has a link", template)
		}
		for _, language := range []string{"nl", "en"} {
			m := sample(template, language)
			c, err := mail.Render(m)
			if err != nil {
				t.Fatal(err)
			}
			if c.Subject == "" || strings.Contains(c.Subject, "\n") || strings.Contains(c.Text+c.HTML, "<no value>") {
				t.Errorf("%s in %s: %q", template, language, c)
			}
			if link != strings.Contains(c.Text, "\n"+m.Link+"\n") || link != strings.Contains(c.HTML, m.Link) {
				t.Errorf("%s in %s: the link is not as it should be:\n%s", template, language, c.Text)
			}
			activation := link && template != message.TemplateLicenseRequest && template != message.TemplateStandardRequest && template != message.TemplateDomainAdded
			date := map[string]string{"nl": "14 april 2026", "en": "14 April 2026"}[language]
			if activation != strings.Contains(c.Text, date) || activation != strings.Contains(c.HTML, date) {
				t.Errorf("%s in %s: the last day is not as it should be", template, language)
			}
		}
	}
	if _, err := mail.Render(sample("unheard_of", "nl")); err == nil {
		t.Error("an unknown template was rendered")
	}
}

// TestBothPartsSayTheTextOfTheOrganization, whose words are no markup either.
func TestBothPartsSayTheTextOfTheOrganization(t *testing.T) {
	m := sample(message.TemplatePortalActivation, "nl")
	m.Text = mailtemplate.Text{Subject: "Welkom {NAAM}", Body: "Hallo {NAAM} & <script>alert(1)</script>\nvan {ORGANISATIE}\n\n{LINK}\n\nTot {VERLOOPDATUM}, of via {LINK}"}
	c, err := mail.Render(m)
	if err != nil {
		t.Fatal(err)
	}
	if c.Subject != "Welkom Jan Jansen" || c.Text != "Hallo Jan Jansen & <script>alert(1)</script>\nvan De Linde\n\n"+m.Link+"\n\nTot 14 april 2026, of via "+m.Link+"\n" {
		t.Errorf("%q", c)
	}
	for _, want := range []string{
		"<p>Hallo Jan Jansen &amp; &lt;script&gt;alert(1)&lt;/script&gt;<br>\nvan De Linde</p>", ">Verder</a></p>",
		`<p>Tot <strong>14 april 2026</strong>, of via <a href="` + m.Link + `">` + m.Link + "</a></p>",
	} {
		if !strings.Contains(c.HTML, want) {
			t.Errorf("%s is not in %s", want, c.HTML)
		}
	}
}

func TestNothingCanBeInjected(t *testing.T) {
	m := sample(message.TemplateLicenseRejected, "nl")
	m.Name, m.License = `<a href="https://evil.example">Jan</a>`, "X\r\nBcc: all@example.nl\r\n\r\nhello"
	c, err := mail.Render(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(c.HTML, "<a href=\"https://evil") || strings.ContainsAny(c.Subject, "\r\n") {
		t.Fatalf("injected: %q", c)
	}
	dir := t.TempDir()
	if err := (mail.Outbox{Dir: dir, From: "no-reply@example.nl", Now: func() time.Time { return noon }}).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	parsed := only(t, dir)
	if diff := cmp.Diff([]string(nil), parsed.Header["Bcc"]); diff != "" {
		t.Fatal(diff)
	}
}

func only(t *testing.T, dir string) *netmail.Message {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, error %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, error %v", info.Mode(), err)
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	parsed, err := netmail.ReadMessage(f)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestOutbox(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "outbox")
	m := sample(message.TemplatePortalActivation, "nl")
	if err := (mail.Outbox{Dir: dir, From: "Sleutelbos <no-reply@example.nl>", Now: func() time.Time { return noon }}).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	parsed := only(t, dir)
	body, err := io.ReadAll(parsed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), "\r\n"+m.Link+"\r\n") {
		t.Fatalf("the link does not stand on a line of its own:\n%s", body)
	}
	got := map[string]string{}
	for _, name := range []string{"To", "Subject", "Message-Id", "Date", "Auto-Submitted"} {
		got[name] = parsed.Header.Get(name)
	}
	want := map[string]string{
		"To": "<jan@example.nl>", "Subject": "Activeer uw account bij De Linde", "Auto-Submitted": "auto-generated",
		"Message-Id": "<00000000-0000-7000-8000-000000000009@example.nl>", "Date": "Sat, 14 Mar 2026 12:00:00 +0000",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

// server is a real SMTP server that keeps what it gets.
type server struct {
	mu     sync.Mutex
	mails  []string
	refuse error
}

func (s *server) NewSession(*smtp.Conn) (smtp.Session, error) { return &smtpSession{s}, nil }

type smtpSession struct{ s *server }

func (x *smtpSession) Mail(string, *smtp.MailOptions) error { return nil }
func (x *smtpSession) Rcpt(string, *smtp.RcptOptions) error { return x.s.refuse }
func (x *smtpSession) Reset()                               {}
func (x *smtpSession) Logout() error                        { return nil }
func (x *smtpSession) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.mails = append(x.s.mails, string(all))
	return err
}

func TestSMTP(t *testing.T) {
	backend := &server{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(backend)
	go func() { _ = s.Serve(l) }() // it ends with Close
	t.Cleanup(func() { _ = s.Close() })
	client, err := mail.NewSMTP("smtp://"+l.Addr().String()+"?starttls=never", "no-reply@example.nl")
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Send(t.Context(), sample(message.TemplateInvitation, "nl")); err != nil {
		t.Fatal(err)
	}
	if len(backend.mails) != 1 || !strings.Contains(backend.mails[0], "Subject: Uitnodiging voor een account bij De Linde") {
		t.Fatalf("got %q", backend.mails)
	}
	for refusal, want := range map[*smtp.SMTPError]reactors.SendError{
		{Code: 550, Message: "no jan@example.nl here"}: {Code: "smtp-550", Permanent: true},
		{Code: 451, Message: "later"}:                  {Code: "smtp-451"},
	} {
		backend.refuse = refusal
		same(t, client.Send(t.Context(), sample(message.TemplateInvitation, "nl")), want)
	}
	_ = s.Close()
	same(t, client.Send(t.Context(), sample(message.TemplateInvitation, "nl")), reactors.SendError{Code: "connect"})
}

func same(t *testing.T, err error, want reactors.SendError) {
	t.Helper()
	got := (*reactors.SendError)(nil)
	if !errors.As(err, &got) || *got != want {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func TestSMTPAddress(t *testing.T) {
	for _, bad := range []string{"", "mail.example.nl", "http://mail", "smtp://u:secret@host?starttls=never", "smtp://u:secret@host:port"} {
		_, err := mail.NewSMTP(bad, "no-reply@example.nl")
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, good := range []string{"smtps://u:p@mail.example.nl", "smtp://mail.example.nl:587"} {
		if _, err := mail.NewSMTP(good, "no-reply@example.nl"); err != nil {
			t.Error(err)
		}
	}
}

var _ reactors.Mailer = (*mail.SMTP)(nil)

func TestTheOutboxIsRead(t *testing.T) {
	at := noon
	o := mail.Outbox{Dir: filepath.Join(t.TempDir(), "outbox"), From: "no-reply@example.nl", Now: func() time.Time { return at }}
	if mails, err := o.Newest(9); err != nil || mails != nil {
		t.Fatalf("got %v, %v before the first mail", mails, err)
	}
	older, newer := sample(message.TemplatePortalActivation, "nl"), sample(message.TemplateLicenseRejected, "nl")
	newer.To, newer.License, newer.Reason = "zoë@example.nl", "Normen voor de beëdigde één-op-één begeleiding", "Vraag eerst de basislicentie aan — zie het beleid"
	for i, m := range []reactors.Mail{older, sample(message.TemplatePortalActivation, "en"), newer} {
		at = noon.Add(time.Duration(i) * time.Hour)
		if err := o.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	mails, err := o.Newest(2)
	if err != nil || len(mails) != 2 {
		t.Fatalf("got %d mails, error %v; want the newest two", len(mails), err)
	}
	rendered, err := mail.Render(newer)
	if err != nil {
		t.Fatal(err)
	}
	want := mail.Written{
		Name: "20260314T140000.000000Z-" + newer.MessageID + ".eml", Message: newer.MessageID, At: noon.Add(2 * time.Hour), To: newer.To,
		Subject: rendered.Subject, Text: rendered.Text,
	}
	mails[0].Text, mails[0].At = strings.ReplaceAll(mails[0].Text, "\r\n", "\n"), mails[0].At.UTC()
	if diff := cmp.Diff(want, mails[0]); diff != "" {
		t.Fatal(diff)
	}
}
