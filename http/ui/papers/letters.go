package papers

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/letters"
)

// letterPages are about letters.
type letterPages struct{ Section }

func (s letterPages) mount(r chi.Router) {
	r.Get("/letters", s.Pages.SignedIn(s.showLetters))
	r.Post("/letters/printed", s.Pages.SignedIn(s.markSelected("MarkLetterPrinted", "done.letters-printed")))
	r.Post("/letters/sent", s.Pages.SignedIn(s.markSelected("MarkLetterSent", "done.letters-sent")))
	r.Get("/letters/{id}", s.Pages.SignedIn(s.showLetter))
	r.Get("/letters/{id}/pdf", s.Pages.SignedIn(s.letterPDF))
	r.Post("/letters/{id}/printed", s.Pages.SignedIn(s.markLetter("MarkLetterPrinted", "done.letter-printed")))
	r.Post("/letters/{id}/sent", s.Pages.SignedIn(s.markLetter("MarkLetterSent", "done.letter-sent")))
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
	*lists.View
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

func (s letterPages) showLetters(w http.ResponseWriter, r *http.Request) error {
	return s.lettersPage(w, r, nil)
}

func (s letterPages) lettersPage(w http.ResponseWriter, r *http.Request, wrong *problem.Details) error {
	ctx, who, l := r.Context(), session.Who(r.Context()), words.Of(r.Context())
	v := &lists.View{Path: "/letters", API: "/letters", Key: "letters", Right: rights.ReadLetters}
	var filter letters.Filter
	err := lists.Ask(s.Site, r, v, "-createdAt", func(raw string) (asked map[string]string, err error) {
		asked, filter, err = answers.LetterQuestion(raw, v.Scope, v.Account)
		return asked, err
	}, nil)
	if err != nil {
		return err
	}
	page, err := letters.List(ctx, s.DB, filter, v.Listing)
	if err == nil {
		err = lists.Ended(s.Site, v, page.Total, page.Next)
	}
	if err == nil {
		err = lists.ChooseOrganization(ctx, s.Site, v)
	}
	if err == nil {
		err = lists.About(ctx, s.Site, v)
	}
	if err == nil {
		err = v.ShowTabs(letterViews, letterTabs, func(parameters map[string]string) (int64, error) {
			f := filter
			f.Printed, f.Sent, f.Invalid = frame.Flag(parameters["printed"]), frame.Flag(parameters["sent"]), frame.Flag(parameters["invalid"])
			counted, err := letters.List(ctx, s.DB, f, listing.Query{Search: v.Listing.Search, Limit: 1})
			return counted.Total, err
		})
	}
	if err != nil {
		return err
	}
	v.Choose("kind", lists.Said(l, "activation_code", "login_details")...)
	p := lettersPage{View: v, Manages: who.May(rights.ManageLetters) > rights.ScopeSelf}
	if p.Rows, err = s.letterRows(r, page.Items); err != nil {
		return err
	}
	v.Selecting = p.Manages && slices.ContainsFunc(p.Rows, func(row letterRow) bool { return row.State == "to_print" || row.State == "to_send" })
	return s.Pages.Render(w, r, "letters", frame.Page{Title: words.Text(l, "letters.title"), Nav: "letters", Data: p, Problem: wrong})
}

func (s letterPages) letterRows(r *http.Request, items []letters.Row) ([]letterRow, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.AccountID
	}
	names, err := s.Names.Of(r.Context(), ids...)
	if err != nil {
		return nil, err
	}
	rows := make([]letterRow, len(items))
	for i, item := range items {
		rows[i] = letterRow{item, names[item.AccountID], letterState(item)}
	}
	return rows, nil
}
