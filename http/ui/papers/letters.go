package papers

import (
	"context"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/ui/frame"
	"sleutelbos/projections/models/letters"
)

// letterPages are about letters.
type letterPages struct{ Section }

func (s letterPages) mount(r chi.Router) {
	r.Get("/letters/print", s.Pages.SignedIn(s.showPrint))
	r.Post("/letters/print", s.Pages.SignedIn(s.printLetters))
	r.Post("/letters/printed", s.Pages.SignedIn(s.markSelected(printed, "done.letters-printed")))
	r.Post("/letters/sent", s.Pages.SignedIn(s.markSelected(posted, "done.letters-sent")))
	r.Get("/letters/{id}", s.Pages.SignedIn(s.showLetter))
	r.Get("/letters/{id}/pdf", s.Pages.SignedIn(s.letterPDF))
	r.Post("/letters/{id}/printed", s.Pages.SignedIn(s.markLetter(printed, "done.letter-printed")))
	r.Post("/letters/{id}/sent", s.Pages.SignedIn(s.markLetter(posted, "done.letter-sent")))
}

// letterRow is a letter with what can be done about it.
type letterRow struct {
	letters.Row
	Account string // the name of whom it is about
	State   string // to_print, to_send, sent or invalid
	Fit     fit
}

// Waits reports whether the letter is to be printed or posted.
func (l letterRow) Waits() bool { return l.State == "to_print" || l.State == "to_send" }

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

func letterRows(ctx context.Context, known frame.Names, items []letters.Row) ([]letterRow, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.AccountID
	}
	names, err := known.Of(ctx, ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]letterRow, len(items))
	for i, item := range items {
		rows[i] = letterRow{Row: item, Account: names[item.AccountID], State: letterState(item)}
	}
	return rows, nil
}
