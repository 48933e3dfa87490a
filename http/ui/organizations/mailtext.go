package organizations

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/mail"
	"sleutelbos/commands/mailtemplates"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/typed"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

type mailTextPage struct {
	Head    organizationHead
	Text    answers.MailText
	Manages bool
	Typed   map[string]string
	Held    map[string]string
	Names   []string
	Now     map[string]string // of the fields that both changed, what they hold
	Preview mailtemplate.Filled
	Button  string // what stands on the button of the link, in the language of the mail
	Path    string
}

// mailFields are the fields of the form: members of the command.
var mailFields = []string{"subject", "body"}

// text returns the text that the path means.
func (s mailTextPages) text(r *http.Request, h organizationHead) (answers.MailText, error) {
	all, err := s.texts(r, h.ID, time.Time{})
	if err != nil {
		return answers.MailText{}, err
	}
	i := slices.IndexFunc(all, func(t answers.MailText) bool {
		return string(t.Template) == chi.URLParam(r, "template") && t.Language == chi.URLParam(r, "language")
	})
	if i < 0 {
		return answers.MailText{}, problem.New(http.StatusNotFound, "not-found")
	}
	return all[i], nil
}

func pathOf(t answers.MailText, organizationID string) string {
	return "/organizations/" + organizationID + "/templates/" + url.PathEscape(string(t.Template)) + "/" + t.Language
}

// show draws a text with a preview of it, or of what somebody typed.
func (s mailTextPages) show(w http.ResponseWriter, r *http.Request, merged frame.Merged, wrong *problem.Details) error {
	h, err := s.readable(r)
	if err != nil {
		return err
	}
	text, err := s.text(r, h)
	if err != nil {
		return err
	}
	p := mailTextPage{
		Head: h, Text: text, Names: mailFields, Held: heldMail(text), Typed: heldMail(text), Path: pathOf(text, h.ID),
		Manages: session.Who(r.Context()).Reaches(rights.ManageTemplates, h.ID, ""),
	}
	if r.Method == http.MethodPost {
		p.Typed = frame.Typed(r, p.Names)
	}
	p.Now = merged.Now(p.Held)
	l := words.Language(text.Language)
	p.Preview, p.Button = mailtemplate.Text{Subject: p.Typed["subject"], Body: typed.Lines(p.Typed["body"])}.Fill(exampleOf(l)), words.Text(l, "mailtexts.button")
	page := frame.Page{Title: words.Subject(words.Of(r.Context()), string(text.Template)), Nav: "organizations", Organization: h.ID, Problem: wrong, Data: p}
	if err := s.Reach.TellStale(r, &page, merged, mailtemplates.Stream(h.ID, text.Template), p.Names); err != nil {
		return err
	}
	return s.Pages.Render(w, r, "mailtext", page)
}

func heldMail(t answers.MailText) map[string]string {
	return map[string]string{"subject": t.Subject, "body": t.Body}
}

// exampleOf returns what a preview has in the place of placeholders.
func exampleOf(l words.Language) mailtemplate.Values {
	return mailtemplate.Values{
		mailtemplate.Link: "https://voorbeeld.nl/…", mailtemplate.LastDay: mail.Date("2026-04-14", string(l)), mailtemplate.Name: "Jan de Vries",
		mailtemplate.Username: "jan@voorbeeld.nl", mailtemplate.Organization: words.Text(l, "mailtexts.example-organization"),
		mailtemplate.License: "NEN Zorg", mailtemplate.Standard: "NEN 7510", mailtemplate.Domain: "voorbeeld.nl", mailtemplate.Reason: words.Text(l, "mailtexts.example-reason"),
	}
}

func (s mailTextPages) change(w http.ResponseWriter, r *http.Request) error {
	h, err := s.readable(r)
	if err != nil {
		return err
	}
	text, err := s.text(r, h)
	if err != nil {
		return err
	}
	merged, err := s.Commands.RunMerged(r, frame.Editing{Fields: mailFields, Held: heldMail(text), Revision: text.Revision, Body: func() (any, error) {
		return mailtemplates.ChangeTemplate{
			OrganizationID: h.ID, Template: text.Template, Language: text.Language, Subject: r.PostForm.Get("subject"), Body: r.PostForm.Get("body"),
		}, nil
	}}, ofOrganization)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.show(w, r, merged, wrong) })
	}
	return s.Pages.Done(w, r, merged.Seen(pathOf(text, h.ID)), "done.mailtext-saved")
}

func (s mailTextPages) reset(w http.ResponseWriter, r *http.Request) error {
	h, err := s.readable(r)
	if err != nil {
		return err
	}
	text, err := s.text(r, h)
	if err != nil {
		return err
	}
	_, err = s.Commands.Run(r, mailtemplates.ResetTemplate{OrganizationID: h.ID, Template: text.Template, Language: text.Language}, ofOrganization)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.show(w, r, frame.Merged{}, wrong) })
	}
	return s.Pages.Done(w, r, pathOf(text, h.ID), "done.mailtext-reset")
}
