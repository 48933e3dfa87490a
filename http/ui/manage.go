package ui

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
)

// mountManage adds what operators look at.
func (u *UI) mountManage(r chi.Router) {
	r.Get("/manage", u.Pages.SignedIn(u.showManage))
	r.Post("/manage/projections/{name}/rebuild", u.Pages.SignedIn(u.rebuild))
	r.Post("/manage/check", u.Pages.SignedIn(u.checkLog))
	r.Get("/manage/outbox", u.Pages.SignedIn(u.showOutbox))
}

type managePage struct {
	Tables, Reactors []managed
	Behind           int  // projections and reactors that are not up to date
	Running          bool // something that the page is worth asking again for
	MayRebuild       bool
	Everything       bool // the reader's reach is the whole platform
	Seal             *frame.Seal
	Check            checkState
	Door             bool
	Subscribers      []answers.Subscriber
	Outbox           bool
	Commands         int
}

// managed is a projection or reactor.
type managed struct{ machinery.Status }

// Left is the time that a rebuild still takes, about.
func (m managed) Left() string { return m.Rebuilding.Left.Round(time.Second).String() }

// Lag is the age of the oldest event that was not taken.
func (m managed) Lag() string { return m.LagTime.Round(100 * time.Millisecond).String() }

func (u *UI) showManage(w http.ResponseWriter, r *http.Request) error {
	return u.manage(w, r, nil)
}

func (u *UI) manage(w http.ResponseWriter, r *http.Request, refusal *problem.Details) error {
	if err := u.Reach.Need(r, "ListProjections", rights.ReadProjections); err != nil {
		return err
	}
	ctx, who := r.Context(), session.Who(r.Context())
	page := managePage{
		MayRebuild: who.May(rights.RebuildProjections) > rights.ScopeNone, Everything: who.May(rights.ReadProjections) == rights.ScopeAll,
		Check: u.check.now(u.Now()), Commands: len(u.Commands.Offers.List()), Outbox: u.C.Outbox != nil && seesMails(who),
	}
	all, err := u.C.Runner.Status(ctx)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.Reactor {
			page.Reactors = append(page.Reactors, managed{s})
		} else {
			page.Tables = append(page.Tables, managed{s})
		}
		if s.State == machinery.StateStopped || s.State == machinery.StateCatchingUp {
			page.Behind++
		}
		page.Running = page.Running || s.Rebuilding != nil || s.State == machinery.StateCatchingUp
	}
	if page.Running = page.Running || page.Check.Running; page.Everything {
		if err := u.lookAtLog(ctx, &page); err != nil {
			return err
		}
	}
	return u.Pages.Render(w, r, "manage", frame.Page{Title: words.Text(words.Of(ctx), "manage.title"), Nav: "manage", Data: page, Problem: refusal})
}

// lookAtLog adds what concerns the whole log: its newest seal, and who follows it.
func (u *UI) lookAtLog(ctx context.Context, page *managePage) error {
	seal, found, err := u.C.Seals.Last(ctx)
	if found {
		page.Seal = &seal
	}
	if u.C.Subscribers != nil {
		page.Door, page.Subscribers = true, u.C.Subscribers(ctx)
	}
	return err
}

func (u *UI) rebuild(w http.ResponseWriter, r *http.Request) error {
	if err := u.Reach.Need(r, "RebuildProjection", rights.RebuildProjections); err != nil {
		return err
	}
	if err := u.C.Rebuilds.Begin(r.Context(), chi.URLParam(r, "name")); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.manage(w, r, &details)
	}
	return u.Pages.Done(w, r, "/manage", "done.rebuild-began")
}

// checkLog begins to verify the whole log; one that is under way goes on.
func (u *UI) checkLog(w http.ResponseWriter, r *http.Request) error {
	who := session.Who(r.Context())
	if who.May(rights.ReadProjections) < rights.ScopeAll {
		return u.Reach.Denied(r, "VerifyLog", engine.ErrDenied)
	}
	total, err := u.C.Journal.Store.Behind(r.Context(), 0, mostCounted)
	if err != nil {
		return err
	}
	if u.check.begin(u.Now(), total, who.Name) {
		log := problem.Log(r.Context())
		u.C.Rebuilds.Background(func(ctx context.Context) {
			found, err := u.C.Seals.Verify(ctx, u.check.progress)
			if err != nil {
				log.Error("the log could not be verified", "error", err.Error())
			}
			u.check.end(u.Now(), found, err)
		})
	}
	return u.Pages.Done(w, r, "/manage#seals", "done.check-began")
}

// seesMails says who may read mails that were written to files: they hold the links that
// open accounts, so only who may manage every account.
func seesMails(who rights.Principal) bool {
	return who.May(rights.ManageAccounts) == rights.ScopeAll
}

func (u *UI) showOutbox(w http.ResponseWriter, r *http.Request) error {
	who := session.Who(r.Context())
	if !seesMails(who) || who.May(rights.ReadMessages) < rights.ScopeAll {
		return u.Reach.Denied(r, "ShowOutbox", engine.ErrDenied)
	}
	if u.C.Outbox == nil {
		return problem.New(http.StatusNotFound, "not-found")
	}
	mails, err := u.C.Outbox()
	if err != nil {
		return err
	}
	return u.Pages.Render(w, r, "outbox", frame.Page{Title: words.Text(words.Of(r.Context()), "outbox.title"), Nav: "manage", Data: mails})
}
