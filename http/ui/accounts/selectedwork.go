package accounts

import (
	"context"
	"net/http"
	"strings"

	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/accountlist"
)

// look finds out what an act would do to each account.
func (s selectedPages) look(r *http.Request, w *work, with given, named string) {
	if !w.begin(asking, looking, with, named) {
		return
	}
	s.goThrough(r, w, looked, func(ctx context.Context, r *http.Request, row accountlist.Row) (what came, says string) {
		if why := w.Act.leftOut(words.Of(ctx), row.Badge(s.Now())); why != "" {
			return refused, why
		}
		outcome, err := s.Commands.PreviewPart(r, w.Act.Body(row.ID, given{Reason: "…", Choice: with.Choice}))
		switch {
		case err != nil:
			return refused, refusal(r, err)
		case len(outcome.Events) == 0:
			what = already
		default:
			what = will
		}
		return what, strings.Join(frame.WillHappen(words.Of(ctx), willOf(w.Act.Key, row.ActivationChannel), outcome), " ")
	})
}

// do does it to the accounts that it can be done to, one after the other, also after the reader has
// left. One that fails keeps the others from nothing; a fault is logged and shown as one.
func (s selectedPages) do(r *http.Request, w *work, with given, named string) {
	if !w.begin(looked, doing, with, named) {
		return
	}
	var last eventstore.Position
	s.goThrough(r, w, done, func(ctx context.Context, r *http.Request, row accountlist.Row) (came, string) {
		if why := w.Act.leftOut(words.Of(ctx), row.Badge(s.Now())); why != "" {
			return refused, why // it was stopped since
		}
		outcome, err := s.Commands.RunPart(r, frame.OnceKey(w.ID, row.ID), w.Act.Body(row.ID, with))
		switch last = eventstore.Later(last, outcome.Position); {
		case err != nil:
			return refused, problem.Report(r, err).Detail
		case len(outcome.Events) == 0:
			return already, ""
		}
		return did, ""
	}, func(ctx context.Context) { s.Commands.Wait(ctx, last, ofList) })
}

// refusal says why something can't be done; a fault is logged.
func refusal(r *http.Request, err error) string {
	details, ok := frame.Refused(r, err)
	if !ok && details.Status != http.StatusForbidden && details.Status != http.StatusNotFound {
		return problem.Report(r, err).Detail
	}
	return details.Detail
}

// chunk is how many accounts are looked up together.
const chunk = 100

// goThrough takes each account of a work that is still in question, in the background. It ends early
// with the program, when the asker looks at something else, and when the asker is not who the asker
// was: whoever is blocked meanwhile does nothing more.
func (s selectedPages) goThrough(r *http.Request, w *work, to stage, step func(context.Context, *http.Request, accountlist.Row) (came, string), after ...func(context.Context)) {
	desk, who := s.desks.of(session.Who(r.Context()).AccountID, s.Now()), session.Who(r.Context())
	ctx := context.WithoutCancel(r.Context()) // the request ends before the work
	r = r.WithContext(ctx)
	s.Background(func(program context.Context) {
		desk.goesOn.Lock()
		defer desk.goesOn.Unlock()
		rows := w.having("")
		goesOn := true
		for from := 0; from < len(rows) && goesOn; from += chunk {
			part := rows[from:min(from+chunk, len(rows))]
			ids := make([]string, len(part))
			for i, row := range part {
				ids[i] = row.ID
			}
			found, err := s.Reach.Accounts(ctx, w.Organization, ids)
			if err != nil {
				_ = problem.Report(r, err) // it is logged, and the rows stay as they are
				break
			}
			for i, row := range part {
				now, err := s.Reach.Service.Access.Principal(ctx, who.AccountID)
				if goesOn = err == nil && now == who && program.Err() == nil; !goesOn {
					break
				}
				what, says := row.Came, row.Says
				if what == waits || what == will {
					what, says = step(ctx, r, found[row.ID])
				}
				if goesOn = w.next(from+i, what, says); !goesOn {
					break
				}
			}
		}
		for _, then := range after {
			then(ctx)
		}
		w.end(to, !goesOn)
	})
}
