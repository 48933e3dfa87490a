package papers

import (
	"net/http"
	"slices"

	"github.com/google/uuid"

	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/letter"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/letters"
)

// mostPrinted is how many letters are printed at once: a page of the list, and some.
const mostPrinted = 200

// printPage says of the ticked letters, before they are printed, which of them can't be, or can't be posted.
type printPage struct {
	Rows      []letterRow
	Ready     int // how many can be printed
	NoAddress int // of these, how many have no address of the holder
	NoSender  int // of these, how many have no sender
	Never     int // how many can't be printed
}

func (s letterPages) showPrint(w http.ResponseWriter, r *http.Request) error {
	return s.printForm(w, r, r.URL.Query()["id"], nil)
}

func (s letterPages) printForm(w http.ResponseWriter, r *http.Request, ids []string, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "OpenLetter", rights.ManageLetters); err != nil {
		return err
	}
	p, err := s.toPrint(r, ids)
	if err != nil {
		return err
	}
	title := words.Text(words.Of(r.Context()), "print.title")
	return s.Pages.Render(w, r, "print", frame.Page{Title: title, Nav: "letters", Data: p, Problem: wrong})
}

// toPrint returns those of the letters with these ids that are still to be printed.
func (s letterPages) toPrint(r *http.Request, ids []string) (printPage, error) {
	if len(ids) > mostPrinted || slices.ContainsFunc(ids, func(id string) bool { return uuid.Validate(id) != nil }) {
		return printPage{}, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	var found []letters.Row
	for _, id := range ids {
		row, err := answers.Letters.Get(r.Context(), s.Source, s.Reach.Asker(r, "ShowLetter"), rights.ManageLetters, id)
		if err != nil {
			return printPage{}, err
		}
		if letterState(row) == "to_print" {
			found = append(found, row)
		}
	}
	rows, err := letterRows(r.Context(), s.Names, found)
	if err == nil {
		err = fitLetters(r.Context(), s.Source, rows)
	}
	p := printPage{Rows: rows}
	for _, row := range rows {
		switch {
		case row.Fit.Never != "":
			p.Never++
			continue
		case row.Fit.NoAddress:
			p.NoAddress++
		}
		if row.Fit.NoSender {
			p.NoSender++
		}
		p.Ready++
	}
	return p, err
}

// printLetters returns a file with the letters that can be printed, each on a sheet of its own. The history of each tells
// who opened it. One that was printed or changed meanwhile keeps the others from nothing.
func (s letterPages) printLetters(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	ids := r.PostForm["id"]
	p, err := s.toPrint(r, ids)
	if err != nil {
		return err
	}
	var all []lettercommands.Content
	var last *problem.Details
	for _, row := range p.Rows {
		if row.Fit.Never != "" {
			continue
		}
		outcome, err := s.Commands.Run(r, lettercommands.OpenLetter{LetterID: row.ID}, frame.ShowsNothing)
		if err != nil {
			details, ok := frame.Refused(r, err)
			if !ok {
				return err
			}
			last = &details
			continue
		}
		content, err := frame.Result[lettercommands.Content](outcome)
		if err != nil {
			return err
		}
		all = append(all, content)
	}
	if len(all) == 0 {
		if last == nil {
			details := problem.Of(r.Context(), letter.ErrUnprintable)
			last = &details
		}
		return s.printForm(w, r, ids, last)
	}
	return s.sendPDF(w, words.Text(words.Of(r.Context()), "letters.file"), all...)
}
