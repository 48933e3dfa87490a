package manage

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/machinery"
)

// managePages are what operators look at.
type managePages struct {
	Section
	check *check // of the whole log
}

func (s managePages) mount(r chi.Router) {
	r.Get("/manage", s.Pages.SignedIn(s.showManage))
	r.Post("/manage/projections/{name}/rebuild", s.Pages.SignedIn(s.rebuild))
	r.Post("/manage/pass", s.Pages.SignedIn(s.pass))
	r.Post("/manage/check", s.Pages.SignedIn(s.checkLog))
}

type managePage struct {
	Tables, Reactors []managed
	Stoppers         []*stopper
	MayPass          bool
	Foreign          int64 // events of others that were passed over: the most that any read model did
	Behind           int   // projections and reactors that are not up to date
	Running          bool  // something that the page is worth asking again for
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

// Left returns the time that a rebuild still takes, about.
func (m managed) Left() string { return m.Rebuilding.Left.Round(time.Second).String() }

// Lag returns the age of the oldest event that was not taken.
func (m managed) Lag() string { return m.LagTime.Round(100 * time.Millisecond).String() }

func (s managePages) showManage(w http.ResponseWriter, r *http.Request) error {
	return s.manage(w, r, nil)
}

func (s managePages) manage(w http.ResponseWriter, r *http.Request, refusal *problem.Details) error {
	if err := s.Reach.Need(r, "ListProjections", rights.ReadProjections); err != nil {
		return err
	}
	ctx, who := r.Context(), session.Who(r.Context())
	page := managePage{
		MayRebuild: who.May(rights.RebuildProjections) > rights.ScopeNone, MayPass: who.May(rights.PassOverEvents) > rights.ScopeNone, Everything: who.May(rights.ReadProjections) == rights.ScopeAll,
		Check: s.check.now(s.Now()), Commands: len(s.Commands.Offers.List()), Outbox: s.Outbox != nil && seesMails(who),
	}
	all, err := s.Runner.Status(ctx)
	if err != nil {
		return err
	}
	page.Stoppers = stoppers(all)
	for _, model := range all {
		if model.Reactor {
			page.Reactors = append(page.Reactors, managed{model})
		} else {
			page.Tables = append(page.Tables, managed{model})
			page.Foreign = max(page.Foreign, model.Foreign)
		}
		if model.State == machinery.StateStopped || model.State == machinery.StateCatchingUp {
			page.Behind++
		}
		page.Running = page.Running || model.Rebuilding != nil || model.State == machinery.StateCatchingUp
	}
	if page.Running = page.Running || page.Check.Running; page.Everything {
		if err := s.lookAtLog(ctx, &page); err != nil && !errors.Is(err, eventstore.ErrUnavailable) {
			return err
		}
	}
	return s.Pages.Render(w, r, "manage", frame.Page{Title: words.Text(words.Of(ctx), "manage.title"), Nav: "manage", Data: page, Problem: refusal})
}

// lookAtLog adds what concerns the whole log: its newest seal, and who follows it.
func (s managePages) lookAtLog(ctx context.Context, page *managePage) error {
	seal, found, err := s.Seals.Last(ctx)
	if found {
		page.Seal = &seal
	}
	page.Door, page.Subscribers = s.Door, s.Subscribers(ctx)
	return err
}

func (s managePages) rebuild(w http.ResponseWriter, r *http.Request) error {
	if err := s.Reach.Need(r, "RebuildProjection", rights.RebuildProjections); err != nil {
		return err
	}
	if err := s.Rebuilds.Begin(r.Context(), chi.URLParam(r, "name")); err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.manage(w, r, wrong) })
	}
	return s.Pages.Done(w, r, "/manage", "done.rebuild-began")
}

// checkLog begins to verify the whole log. A check that is under way goes on.
func (s managePages) checkLog(w http.ResponseWriter, r *http.Request) error {
	who := session.Who(r.Context())
	if who.May(rights.ReadProjections) < rights.ScopeAll {
		return s.Reach.Denied(r, "VerifyLog", engine.ErrDenied)
	}
	total, err := s.Store.Behind(r.Context(), eventstore.Position{}, mostCounted)
	if err != nil {
		return err
	}
	if s.check.begin(s.Now(), total, who.Name) {
		log := problem.Log(r.Context())
		s.Rebuilds.Background(func(ctx context.Context) {
			found, err := s.Seals.Verify(ctx, s.check.progress)
			if err != nil {
				log.Error("the log could not be verified", "error", err.Error())
			}
			s.check.end(s.Now(), found, err)
		})
	}
	return s.Pages.Done(w, r, "/manage#seals", "done.check-began")
}
