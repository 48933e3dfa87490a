package ui

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/letter"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/letters"
)

// mountLetters adds the list of documents.
func (u *UI) mountLetters(r chi.Router) {
	r.Get("/letters", u.Pages.SignedIn(u.showLetters))
	r.Post("/letters/printed", u.Pages.SignedIn(u.markSelected("MarkLetterPrinted", "done.letters-printed")))
	r.Post("/letters/sent", u.Pages.SignedIn(u.markSelected("MarkLetterSent", "done.letters-sent")))
	r.Get("/letters/{id}", u.Pages.SignedIn(u.showLetter))
	r.Get("/letters/{id}/pdf", u.Pages.SignedIn(u.letterPDF))
	r.Post("/letters/{id}/printed", u.Pages.SignedIn(u.markLetter("MarkLetterPrinted", "done.letter-printed")))
	r.Post("/letters/{id}/sent", u.Pages.SignedIn(u.markLetter("MarkLetterSent", "done.letter-sent")))
}

// letterRow is a letter with what can be done about it.
type letterRow struct {
	letters.Row
	Account string // the name of whom it is about
	State   string // to_print, to_send, sent or invalid
}

func letterState(row letters.Row) string {
	switch {
	case !row.InvalidAt.IsZero():
		return "invalid"
	case !row.SentAt.IsZero():
		return "sent"
	case !row.PrintedAt.IsZero():
		return "to_send"
	}
	return "to_print"
}

type lettersPage struct {
	*listView
	Rows    []letterRow
	Manages bool
}

var (
	letterViews = []string{"all", "to_print", "to_send", "sent", "invalid"}
	letterTabs  = map[string]map[string]string{
		"all": {"printed": "", "sent": "", "invalid": ""}, "to_print": {"printed": "false", "sent": "false", "invalid": "false"},
		"to_send": {"printed": "true", "sent": "false", "invalid": "false"}, "sent": {"printed": "true", "sent": "true", "invalid": "false"},
		"invalid": {"printed": "", "sent": "", "invalid": "true"},
	}
)

func (u *UI) showLetters(w http.ResponseWriter, r *http.Request) error {
	return u.lettersPage(w, r, nil)
}

func (u *UI) lettersPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	v := &listView{Path: "/letters", API: "/letters", Key: "letters", right: rights.ReadLetters}
	var filter letters.Filter
	err := u.ask(r, v, "-createdAt", func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.LetterQuestion(raw, v.scope, v.account)
		return asked, err
	}, nil)
	if err != nil {
		return err
	}
	page, err := letters.List(ctx, u.DB, filter, v.listing)
	if err == nil {
		err = u.ended(v, page.Total, page.Next)
	}
	if err == nil {
		err = u.chooseOrganization(ctx, v)
	}
	if err == nil {
		err = u.about(ctx, v)
	}
	if err == nil {
		err = v.tabs(letterViews, letterTabs, func(parameters map[string]string) (int64, error) {
			f := filter
			f.Printed, f.Sent, f.Invalid = frame.Flag(parameters["printed"]), frame.Flag(parameters["sent"]), frame.Flag(parameters["invalid"])
			counted, err := letters.List(ctx, u.DB, f, listing.Query{Search: v.listing.Search, Limit: 1})
			return counted.Total, err
		})
	}
	if err != nil {
		return err
	}
	v.choices("kind", said(l, "activation_code", "login_details")...)
	p := lettersPage{listView: v, Manages: who.May(rights.ManageLetters) > rights.ScopeSelf}
	if p.Rows, err = u.letterRows(r, page.Items); err != nil {
		return err
	}
	v.Selecting = p.Manages && slices.ContainsFunc(p.Rows, func(row letterRow) bool { return row.State == "to_print" || row.State == "to_send" })
	return u.Pages.Render(w, r, "letters", frame.Page{Title: words.Text(l, "letters.title"), Nav: "letters", Data: p, Problem: wrong})
}

func (u *UI) letterRows(r *http.Request, items []letters.Row) ([]letterRow, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.AccountID
	}
	names, err := u.Names.Of(r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]letterRow, len(items))
	for i, item := range items {
		rows[i] = letterRow{item, names[item.AccountID], letterState(item)}
	}
	return rows, nil
}

type letterPage struct {
	letterRow
	Manages bool
}

// letter answers the letter in the path, if it is within reach.
func (u *UI) letter(r *http.Request) (letterPage, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return letterPage{}, letter.ErrNotFound
	}
	page, err := letters.List(r.Context(), u.DB, letters.Filter{ID: id}, listing.Query{Limit: 1})
	if err != nil {
		return letterPage{}, err
	}
	if len(page.Items) == 0 {
		return letterPage{}, letter.ErrNotFound
	}
	row, who := page.Items[0], session.Who(r.Context())
	if !who.Reaches(rights.ReadLetters, row.OrganizationID, row.AccountID) {
		return letterPage{}, u.Reach.Denied(r, "ShowLetter", letter.ErrNotFound)
	}
	rows, err := u.letterRows(r, page.Items)
	if err != nil {
		return letterPage{}, err
	}
	return letterPage{rows[0], who.Reaches(rights.ManageLetters, row.OrganizationID, row.AccountID)}, nil
}

func (u *UI) showLetter(w http.ResponseWriter, r *http.Request) error { return u.letterPage(w, r, nil) }

func (u *UI) letterPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	p, err := u.letter(r)
	if err != nil {
		return err
	}
	return u.Pages.Render(w, r, "letter", frame.Page{Title: p.Subject, Nav: "letters", Data: p, Problem: wrong})
}

// letterPDF answers the letter to print, while its code can still be shown.
func (u *UI) letterPDF(w http.ResponseWriter, r *http.Request) error {
	id, ok := frame.PathID(r)
	if !ok {
		return letter.ErrNotFound
	}
	content, err := u.C.Service.OpenLetter(r.Context(), session.Who(r.Context()), id)
	if err == nil && content.Code == "" {
		err = answers.ErrLetterPrinted
	}
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return u.Reach.Denied(r, "GetLetterPDF", err)
		}
		return u.letterPage(w, r, &details)
	}
	pdf, err := u.C.Letter(content)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="`+id+`.pdf"`)
	_, _ = w.Write(pdf) // the reader may be gone; there is nobody to tell
	return nil
}

func (u *UI) markLetter(command, done string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, ok := frame.PathID(r)
		if !ok {
			return letter.ErrNotFound
		}
		_, err := u.Commands.Run(r, command, map[string]any{"letterId": id})
		if err == nil {
			return u.Pages.Done(w, r, frame.Next(r, "/letters/"+id), done)
		}
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.letterPage(w, r, &details)
	}
}

func (u *UI) markSelected(command, said string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		done, refusal, err := u.Commands.RunSelected(r, command, "letterId")
		switch {
		case err != nil:
			return err
		case refusal != nil:
			details := problem.Of(r.Context(), refusal)
			return u.lettersPage(w, frame.BackTo(r, "/letters"), &details)
		case done == 0:
			return u.Pages.Done(w, r, frame.Next(r, "/letters"), "done.nothing-selected")
		}
		return u.Pages.Done(w, r, frame.Next(r, "/letters"), said)
	}
}
