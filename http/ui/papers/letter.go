package papers

import (
	"net/http"

	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/letter"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/letters"
)

type letterPage struct {
	letterRow
	Manages bool
}

// letter returns the letter in the path, if it is within reach.
func (s letterPages) letter(r *http.Request) (letterPage, error) {
	id, ok := frame.PathID(r)
	if !ok {
		return letterPage{}, letter.ErrNotFound
	}
	row, err := answers.Letters.Get(r.Context(), s.Source, s.Reach.Asker(r, "ShowLetter"), rights.ReadLetters, id)
	if err != nil {
		return letterPage{}, err
	}
	rows, err := letterRows(r.Context(), s.Names, []letters.Row{row})
	if err != nil {
		return letterPage{}, err
	}
	manages := session.Who(r.Context()).Reaches(rights.ManageLetters, row.OrganizationID, row.AccountID)
	if manages {
		err = fitLetters(r.Context(), s.Source, rows)
	}
	return letterPage{rows[0], manages}, err
}

func (s letterPages) showLetter(w http.ResponseWriter, r *http.Request) error {
	return s.letterPage(w, r, nil)
}

func (s letterPages) letterPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	p, err := s.letter(r)
	if err != nil {
		return err
	}
	return s.Pages.Render(w, r, "letter", frame.Page{Title: p.Subject, Nav: "letters", Organization: p.OrganizationID, Data: p, Problem: wrong})
}

// letterPDF returns the letter to print, while its code can still be shown. The history tells who
// opened it.
func (s letterPages) letterPDF(w http.ResponseWriter, r *http.Request) error {
	id, ok := frame.PathID(r)
	if !ok {
		return letter.ErrNotFound
	}
	outcome, err := s.Commands.Run(r, lettercommands.OpenLetter{LetterID: id}, frame.ShowsNothing)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.letterPage(w, r, wrong) })
	}
	content, err := frame.Result[lettercommands.Content](outcome)
	if err != nil {
		return err
	}
	return s.sendPDF(w, id, content)
}

// sendPDF sends a file with letters, to be printed.
func (s letterPages) sendPDF(w http.ResponseWriter, name string, all ...lettercommands.Content) error {
	pdf, err := s.Letter(all...)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Disposition", `inline; filename="`+name+`.pdf"`)
	_, _ = w.Write(pdf) // the reader may be gone; there is nobody to tell
	return nil
}

func (s letterPages) markLetter(body func(id string) any, done words.Key) func(http.ResponseWriter, *http.Request) error {
	acts := frame.Acts{Site: s.Site, Base: "/letters", Missing: letter.ErrNotFound, Shows: ofLetter, Page: s.letterPage}
	return func(w http.ResponseWriter, r *http.Request) error { return acts.Run(w, r, done, body) }
}

func (s letterPages) markSelected(body func(id string) any, said words.Key) func(http.ResponseWriter, *http.Request) error {
	return s.runSelected(body, letterList.Show, "/letters", ofLetter, said)
}

// runSelected runs a command for every ticked row of a list.
func (s Section) runSelected(body func(id string) any, show func(frame.Site, http.ResponseWriter, *http.Request, *problem.Details) error, path string, next frame.Shows, said words.Key) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		done, refusal, err := s.Commands.RunSelected(r, body, next)
		switch {
		case err != nil:
			return err
		case refusal != nil:
			details := problem.Of(r.Context(), refusal)
			return show(s.Site, w, frame.BackTo(r, path), &details)
		case done == 0:
			return s.Pages.Done(w, r, frame.Next(r, path), "done.nothing-selected")
		}
		return s.Pages.Done(w, r, frame.Next(r, path), said)
	}
}

func printed(id string) any { return lettercommands.MarkLetterPrinted{LetterID: id} }

func posted(id string) any { return lettercommands.MarkLetterSent{LetterID: id} }
