package history

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/audithistory"
)

// historyPages show the past of an account: what happened, and what it was.
type historyPages struct {
	frame.Site
	heads  accountpage.Heads
	reader lineReader
}

func (s historyPages) mount(r chi.Router) {
	r.Get("/accounts/{id}/history", s.Pages.SignedIn(s.showHistory))
}

// historyPage is an account's past, seen from one moment.
type historyPage struct {
	accountpage.Head
	travel
	Facts     []factGroup
	Existed   bool // there was an account at that moment
	Changed   int  // facts that differ: by the step, or between the pinned moment and this one
	Days      []timelineDay
	Kinds     []kindChip
	Actors    []actorOption
	Shown     int // lines that fit the filters
	Newer     string
	Older     string
	Bars      []bar
	Downloads frame.Downloads
	MayAudit  bool
}

func (s historyPages) showHistory(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Reach.Account(r, rights.ReadHistory); err != nil {
		return err
	}
	head, err := s.heads.Of(r, "history")
	if err != nil {
		return err
	}
	marks, err := audithistory.Marks(r.Context(), s.DB, head.ID)
	if err != nil {
		return err
	}
	t, err := travelOf(r, head.ID, marks, s.Pages.Zone(r.Context(), head.OrganizationID))
	if err != nil {
		return err
	}
	if t.canonical != "" { // so that the address means one moment, also to a colleague who gets it
		http.Redirect(w, r, t.canonical, http.StatusSeeOther)
		return nil
	}
	if err := answers.ByActor(session.Who(r.Context()), t.By); err != nil {
		return s.Reach.Denied(r, "GetAccountHistory", err)
	}
	page := historyPage{Head: head, travel: t, MayAudit: session.Who(r.Context()).May(rights.ReadAudit) > rights.ScopeNone}
	if err := s.drawPast(r, &page); err != nil {
		return err
	}
	if err := s.drawTimeline(r, &page); err != nil {
		return err
	}
	l := words.Of(r.Context())
	return s.Pages.Render(w, r, "history", frame.Page{Title: words.Text(l, "history.title-of", head.Name), Nav: "accounts", Organization: head.OrganizationID, Data: page})
}

// drawPast draws the account as it was, beside what it was before the step or when it was
// pinned.
func (s historyPages) drawPast(r *http.Request, page *historyPage) error {
	past, ctx := s.reader.past(r), r.Context()
	now := page.point(page.Here, s.Now())
	before := page.point(page.before(), s.Now())
	switch {
	case page.Compares():
		before, now = page.point(page.First(), s.Now()), page.point(page.Second(), s.Now())
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
	n, err := s.reader.namer(r, from, to)
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
