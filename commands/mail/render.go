// Package mail turns a mail of the commands into a message, and sends it by SMTP or writes
// it as an .eml file. It decides neither who gets a mail nor when. It makes no links: the
// link of a mail comes from the commands, which make it from the configured public URL.
package mail

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"

	"sleutelbos/commands/reactors"
	"sleutelbos/domain/mailtemplate"

	gomail "github.com/wneessen/go-mail"
)

//go:embed mail.html
var files embed.FS

var page = template.Must(template.ParseFS(files, "mail.html"))

// further says in each language what stands on the button of the link.
var further = map[string]string{"nl": "Verder", "en": "Continue"}

// Content is what a mail says.
type Content struct{ Subject, Text, HTML string }

var errTemplate = errors.New("there is no such mail template or language")

// drawn is what the HTML of a mail is made of.
type drawn struct {
	Language, Further string
	Paragraphs        []mailtemplate.Paragraph
}

// Render returns what a mail says. Both its parts come from one text; values and words alike are
// escaped in the HTML. The only header that they reach is the subject, as a part of one line.
func Render(m reactors.Mail) (Content, error) {
	if m.Text.Subject == "" || further[m.Language] == "" {
		return Content{}, errTemplate
	}
	filled := m.Text.Fill(mailtemplate.Values{
		mailtemplate.Link: m.Link, mailtemplate.LastDay: Date(m.LastDay, m.Language), mailtemplate.Name: oneLine(m.Name),
		mailtemplate.Username: m.Username, mailtemplate.Organization: oneLine(m.Organization), mailtemplate.License: oneLine(m.License),
		mailtemplate.Reason: oneLine(m.Reason), mailtemplate.Standard: oneLine(m.Standard), mailtemplate.Domain: m.Domain,
	})
	var html bytes.Buffer
	if err := page.Execute(&html, drawn{m.Language, further[m.Language], filled.Paragraphs}); err != nil {
		return Content{}, fmt.Errorf("render mail %s: %w", m.Template, err)
	}
	return Content{oneLine(filled.Subject), filled.Plain(), html.String()}, nil
}

// oneLine replaces each run of control characters and line breaks by a space, so that a value
// cannot begin another line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r == '\u2028' || r == '\u2029' }), " ")
}

var months = map[string][]string{
	"nl": {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	"en": {
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	},
}

// Date writes a day ("2006-01-02") as people of the language do: 14 april 2026.
func Date(day, language string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil || months[language] == nil {
		return day
	}
	return fmt.Sprintf("%d %s %d", at.Day(), months[language][at.Month()-1], at.Year())
}

// message puts a mail together. Its id is that of the message in the log, so that a
// receiver can recognize a mail that was sent twice.
func message(m reactors.Mail, from string, at time.Time, encoding gomail.Encoding) (*gomail.Msg, error) {
	c, err := Render(m)
	if err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(encoding))
	if err := msg.From(from); err != nil {
		return nil, fmt.Errorf("the sender's address: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, &reactors.SendError{Code: "recipient", Permanent: true}
	}
	host := "sleutelbos"
	if _, domain, ok := strings.Cut(strings.TrimRight(from, ">"), "@"); ok {
		host = domain
	}
	msg.SetMessageIDWithValue(m.MessageID + "@" + host)
	msg.SetDateWithValue(at)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(c.Subject)
	msg.SetBodyString(gomail.TypeTextPlain, lines(c.Text))
	msg.AddAlternativeString(gomail.TypeTextHTML, lines(c.HTML))
	return msg, nil
}

// lines ends each line with CR LF, as mail requires.
func lines(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }
