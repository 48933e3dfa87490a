package accounts

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/accountlist"
)

// mostTicked is how many accounts a form names; for more there is the filter of the list.
const mostTicked = 200

// shownSelected is how many rows a page shows.
const shownSelected = 100

// soon is how long a page waits for what goes fast, before it shows how far it is.
const soon = 2 * time.Second

// selectedPages do one thing to several accounts: they show first what would happen to each, and
// then what came of it.
type selectedPages struct {
	Section
	desks desks
}

func (s selectedPages) mount(r chi.Router) {
	r.Get("/accounts/selected", s.Pages.SignedIn(s.showSelected))
	r.Post("/accounts/selected", s.Pages.SignedIn(s.runSelected))
}

type selectedPage struct {
	bulk
	state
	Command  engine.Command
	Asks     accountpage.Reason
	FormID   string
	Choice   *frame.Choice // what can be chosen; nil for a day
	Rows     []selectedRow
	Show     came // the rows of which that came; empty for all
	Previous string
	Next     string
	Counter  string // the command that takes it back; empty if there is none
	Gone     bool   // nobody knows it any more
	Over     bool   // too many accounts were selected
	Most     int
}

// selectedRow is one account with what would happen to it, or did.
type selectedRow struct {
	bulkRow
	accountlist.Row
	Badge string
}

// Under reports whether something is under way.
func (p selectedPage) Under() bool { return p.Stage == looking || p.Stage == doing }

// Asking reports whether it is not said yet what the act takes.
func (p selectedPage) Asking() bool { return p.Stage == asking }

// Looked reports whether it is shown what would happen.
func (p selectedPage) Looked() bool { return p.Stage == looked }

// Done reports whether it is shown what came of it.
func (p selectedPage) Done() bool { return p.Stage == done }

// Can returns to how many accounts it can be done.
func (p selectedPage) Can() int { return p.Counts[will] }

// Changed returns how many accounts it was done to.
func (p selectedPage) Changed() int { return p.Counts[did] }

// Kinds returns what came of rows, where it is not the same of all.
func (p selectedPage) Kinds() (kinds []came) {
	for _, k := range []came{did, will, already, refused, waits} {
		if p.Counts[k] > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// showSelected shows a work, or begins one and shows what it would do to each of the accounts.
func (s selectedPages) showSelected(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	if asked.Get("form") != "" {
		return s.show(w, r, s.found(r, asked.Get("form")), nil)
	}
	act, err := bulkOf(asked.Get("action"))
	if err != nil {
		return err
	}
	command := act.in(s.Commands.Offers)
	if err := s.Reach.Need(r, command.Name, command.Right); err != nil {
		return err
	}
	ids, err := s.selected(r, asked, command)
	if err != nil {
		return err
	}
	if len(ids) > mostSelected {
		return s.render(w, r, selectedPage{bulk: act, Over: true, Most: mostSelected}, &problem.Details{Status: http.StatusUnprocessableEntity})
	}
	return s.show(w, r, s.take(r, act, ids, given{}, ""), nil)
}

// selected returns the accounts that are ticked, or all that fit the filter.
func (s selectedPages) selected(r *http.Request, asked url.Values, command engine.Command) ([]string, error) {
	if asked.Get("all") != "" {
		return s.fitting(r, asked.Get("filter"))
	}
	ids := asked["id"]
	known := slices.IndexFunc(ids, func(id string) bool { return uuid.Validate(id) != nil }) < 0
	if !known || len(ids) > mostTicked {
		return nil, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	organization, _ := frame.Within(session.Who(r.Context()), command.Right)
	found, err := s.Reach.Accounts(r.Context(), organization, ids)
	if err == nil && slices.ContainsFunc(ids, func(id string) bool { return found[id].ID == "" }) {
		err = account.ErrNotFound
	}
	return ids, err
}

// fitting returns the accounts that fit a filter of the list, or one more than can be taken.
func (s selectedPages) fitting(r *http.Request, filter string) (ids []string, err error) {
	args, err := answers.Accounts.Ask(filter)
	if err != nil {
		return nil, err
	}
	for item, err := range answers.Accounts.All(r.Context(), s.Source, s.Reach.Asker(r, "ListAccounts"), args) {
		if err != nil {
			return nil, err
		}
		if ids = append(ids, item.ID); len(ids) > mostSelected {
			break
		}
	}
	return ids, nil
}

// take puts a new work on the desk of its asker, and finds out what it would do unless that takes
// something more.
func (s selectedPages) take(r *http.Request, act bulk, ids []string, with given, named string) *work {
	who := session.Who(r.Context())
	organization, _ := frame.Within(who, act.in(s.Commands.Offers).Right)
	w := &work{ID: frame.NewKey(), Act: act, Organization: organization, with: with, named: named, ended: make(chan struct{})}
	for _, id := range ids {
		w.rows = append(w.rows, bulkRow{ID: id, Came: waits})
	}
	s.desks.of(who.AccountID, s.Now()).put(w)
	if act.Takes == nil || with.Choice != "" {
		s.look(r, w, with, named)
	}
	return w
}

// found returns a work of the reader; nil if there is none with this id.
func (s selectedPages) found(r *http.Request, id string) *work {
	return s.desks.of(session.Who(r.Context()).AccountID, s.Now()).find(id)
}

// runSelected goes on to the next stage of a work, and leads to its page.
func (s selectedPages) runSelected(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	work := s.found(r, r.PostFormValue("form"))
	if work == nil {
		return s.show(w, r, nil, nil)
	}
	command := work.Act.in(s.Commands.Offers)
	if err := s.Reach.Need(r, command.Name, command.Right); err != nil {
		return err
	}
	now := work.state()
	with := given{Reason: strings.TrimSpace(r.PostFormValue("reason")), Choice: now.With.Choice}
	switch {
	case r.PostFormValue("undo") != "" && now.Stage == done:
		work = s.undo(r, work)
	case now.Stage == asking:
		if err := s.choose(r, work); err != nil {
			return err
		}
	case now.Stage == looked && accountpage.ReasonOf(command) == accountpage.ReasonRequired && with.Reason == "":
		wrong := problem.Of(r.Context(), domain.Reason(with.Reason))
		return s.show(w, r, work, &wrong)
	case now.Stage == looked:
		s.do(r, work, with, now.Named)
	}
	waitFor(r, work)
	http.Redirect(w, r, frame.Address("/accounts/selected", map[string]string{"form": work.ID}), http.StatusSeeOther)
	return nil
}

// choose notes what an act takes, and finds out what it would do.
func (s selectedPages) choose(r *http.Request, w *work) error {
	choice := strings.TrimSpace(r.PostFormValue("choice"))
	if choice == "" || len(choice) > 40 {
		return problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	named := choice
	if options, err := s.options(r, w); err != nil {
		return err
	} else if options != nil {
		if i := slices.IndexFunc(options.Options, func(o frame.Option) bool { return o.Value == choice }); i >= 0 {
			named = options.Options[i].Label
		}
	} else {
		named = words.Day(words.Of(r.Context()), choice)
	}
	s.look(r, w, given{Choice: choice}, named)
	return nil
}

// options returns what can be chosen for an act; nil for a day.
func (s selectedPages) options(r *http.Request, w *work) (*frame.Choice, error) {
	if w.Act.Takes.Options == nil {
		return nil, nil
	}
	c := frame.ChoiceOf(r, "field-choice", "choice")
	c.Here = frame.Address("/accounts/selected", map[string]string{"form": w.ID})
	return &c, w.Act.Takes.Options(r.Context(), s.Section, r, &c, w.Organization)
}

// undo begins the act that takes back what a work did, for the accounts that it changed.
func (s selectedPages) undo(r *http.Request, w *work) *work {
	counter, ok := w.Act.counter(s.Commands.Offers)
	var ids []string
	for _, row := range w.having(did) {
		ids = append(ids, row.ID)
	}
	if !ok || len(ids) == 0 {
		return w
	}
	now := w.state()
	return s.take(r, counter, ids, given{Choice: now.With.Choice}, now.Named)
}

func waitFor(r *http.Request, w *work) {
	if stage := w.state().Stage; stage != looking && stage != doing {
		return
	}
	late := time.NewTimer(soon)
	defer late.Stop()
	select {
	case <-w.under():
	case <-late.C:
	case <-r.Context().Done():
	}
}

// show draws a work as it is.
func (s selectedPages) show(w http.ResponseWriter, r *http.Request, work *work, wrong *problem.Details) error {
	if work == nil {
		return s.render(w, r, selectedPage{Gone: true}, &problem.Details{Status: http.StatusGone})
	}
	waitFor(r, work)
	command := work.Act.in(s.Commands.Offers)
	p := selectedPage{bulk: work.Act, state: work.state(), Command: command, Asks: accountpage.ReasonOf(command), FormID: work.ID, Show: came(r.URL.Query().Get("show"))}
	if _, ok := work.Act.counter(s.Commands.Offers); ok && p.Changed() > 0 {
		p.Counter = command.UndoneBy
	}
	if p.Stage == asking {
		var err error
		if p.Choice, err = s.options(r, work); err != nil {
			return err
		}
	}
	if err := s.fill(r, work, &p); err != nil {
		return err
	}
	return s.render(w, r, p, wrong)
}

// fill adds the rows of the page.
func (s selectedPages) fill(r *http.Request, w *work, p *selectedPage) error {
	rows := w.having(p.Show)
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	from = min(max(0, from), len(rows))
	at := func(from int) string {
		return frame.Address("/accounts/selected", map[string]string{"form": w.ID, "show": string(p.Show), "from": strconv.Itoa(from)})
	}
	if from > 0 {
		p.Previous = at(max(0, from-shownSelected))
	}
	if len(rows) > from+shownSelected {
		p.Next = at(from + shownSelected)
	}
	rows = rows[from:min(from+shownSelected, len(rows))]
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	found, err := s.Reach.Accounts(r.Context(), w.Organization, ids)
	if err != nil {
		return err
	}
	for _, row := range rows {
		shown := found[row.ID]
		p.Rows = append(p.Rows, selectedRow{row, shown, shown.Badge(s.Now())})
	}
	return nil
}

func (s selectedPages) render(w http.ResponseWriter, r *http.Request, p selectedPage, wrong *problem.Details) error {
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "nav.accounts"), Nav: "accounts", Data: p}
	if p.Key != "" {
		page.Title = words.Text(words.Of(r.Context()), "selected.*", p.Key)
	}
	if p.Gone || p.Over {
		page.Status = wrong.Status
	} else {
		page.Problem = wrong
	}
	return s.Pages.Render(w, r, "selected", page)
}
