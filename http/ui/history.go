package ui

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/audithistory"
)

// mountHistory adds the past of an account: what happened, and what it was.
func (u *UI) mountHistory(r chi.Router) {
	r.Get("/accounts/{id}/history", u.Pages.SignedIn(u.showHistory))
	r.Get("/accounts/{id}/history/proof", u.Pages.SignedIn(u.showProof))
}

// historyPage is an account's past, seen from one moment.
type historyPage struct {
	accountHead
	travel
	Facts    []factGroup
	Existed  bool // there was an account at that moment
	Changed  int  // facts that differ: by the step, or between the pinned moment and this one
	Days     []timelineDay
	Kinds    []kindChip
	Actors   []actorOption
	Shown    int // lines that fit the filters
	Newer    string
	Older    string
	Bars     []bar
	Export   string
	MayAudit bool
}

func (u *UI) past(r *http.Request) answers.Past {
	return answers.Past{DB: u.DB, Lines: answers.Lines{Opener: u.C.History, Who: session.Who(r.Context())}}
}

func (u *UI) showHistory(w http.ResponseWriter, r *http.Request) error {
	if _, err := u.Reach.Account(r, rights.ReadHistory); err != nil {
		return err
	}
	head, err := u.accountHead(r, "history")
	if err != nil {
		return err
	}
	marks, err := audithistory.Marks(r.Context(), u.DB, head.ID)
	if err != nil {
		return err
	}
	t, err := travelOf(r, head.ID, marks)
	if err != nil {
		return err
	}
	if err := answers.ByActor(session.Who(r.Context()), t.By); err != nil {
		return u.Reach.Denied(r, "GetAccountHistory", err)
	}
	page := historyPage{accountHead: head, travel: t, MayAudit: session.Who(r.Context()).May(rights.ReadAudit) > rights.ScopeNone}
	if err := u.drawPast(r, &page); err != nil {
		return err
	}
	if err := u.drawTimeline(r, &page); err != nil {
		return err
	}
	l := words.Of(r.Context())
	return u.Pages.Render(w, r, "history", frame.Page{Title: words.Text(l, "history.title-of", head.Name), Nav: "accounts", Data: page})
}

// drawPast draws the account as it was, beside what it was before the step or when it was
// pinned.
func (u *UI) drawPast(r *http.Request, page *historyPage) error {
	past, ctx := u.past(r), r.Context()
	now := page.point(page.Here, u.Now())
	before := page.point(page.before(), u.Now())
	switch {
	case page.Compares():
		before = page.point(*page.Pinned, u.Now())
	case page.Present:
		before = now // nothing is marked as changed
	}
	from, err := past.State(ctx, page.ID, before)
	if err != nil {
		return err
	}
	to, err := past.State(ctx, page.ID, now)
	if err != nil {
		return err
	}
	page.Existed = to != nil || page.Compares() && from != nil
	n, err := u.namer(r, from, to)
	if err != nil {
		return err
	}
	page.Facts = n.facts(from, to, page.Compares())
	for _, g := range page.Facts {
		for _, f := range g.Facts {
			if f.Changed {
				page.Changed++
			}
		}
	}
	return nil
}
