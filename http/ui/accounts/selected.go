package accounts

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/activation"
	"sleutelbos/commands/engine"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/accountlist"
)

// mostSelected is how many accounts one form acts on: a page of the list, and some.
const mostSelected = 200

// selectedPages do one thing to several accounts.
type selectedPages struct{ Section }

func (s selectedPages) mount(r chi.Router) {
	r.Get("/accounts/selected", s.Pages.SignedIn(s.confirmSelected))
	r.Post("/accounts/selected", s.Pages.SignedIn(s.runSelected))
}

// bulkAction is what can be done to several accounts at once.
type bulkAction struct {
	Key  string
	Body func(id, reason string) any
}

var bulkActions = []bulkAction{
	{Key: "send", Body: func(id, _ string) any { return activation.SendActivation{AccountID: id} }},
	{Key: "disable", Body: func(id, why string) any { return accounts.DisableAccount{AccountID: id, Reason: why} }},
}

// button offers the action in the list.
func (a bulkAction) button() lists.Button {
	return lists.Button{Runs: a.Body("", ""), Text: words.Member("selected.*", a.Key), Name: "action", Value: a.Key}
}

func bulkActionOf(key string) (bulkAction, error) {
	i := slices.IndexFunc(bulkActions, func(a bulkAction) bool { return a.Key == key })
	if i < 0 {
		return bulkAction{}, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	return bulkActions[i], nil
}

type selectedPage struct {
	bulkAction
	Command engine.Command
	Asks    accountpage.Reason
	Rows    []selectedRow
	Ready   int    // of the rows, how many it can be done to
	FormID  string // makes a repetition harmless
	Done    bool
	Back    string
}

// selectedRow is one account with what would happen to it, or did.
type selectedRow struct {
	accountlist.Row
	Badge   string
	Happens []string      // sentences
	Refused string        // why not
	Stopped account.Badge // why it is left out: what is sent could not be used
}

// confirmSelected shows what an action would do to each of the selected accounts.
func (s selectedPages) confirmSelected(w http.ResponseWriter, r *http.Request) error {
	return s.selectedForm(w, r, r.URL.Query().Get("action"), r.URL.Query()["id"], frame.NewKey(), nil)
}

func (s selectedPages) selectedForm(w http.ResponseWriter, r *http.Request, key string, ids []string, form string, wrong *problem.Details) error {
	p, err := s.selected(r, key, ids, form)
	if err != nil {
		return err
	}
	for i, row := range p.Rows {
		if row.Stopped != "" {
			continue
		}
		outcome, err := s.Commands.Preview(r, p.Body(row.ID, "…"))
		if err == nil {
			p.Rows[i].Happens = frame.WillHappen(words.Of(r.Context()), willOf(p.Key, row.ActivationChannel), outcome)
			p.Ready++
			continue
		}
		details, ok := frame.Refused(r, err)
		if !ok && details.Status != http.StatusForbidden && details.Status != http.StatusNotFound {
			return err
		}
		p.Rows[i].Refused = details.Detail
	}
	title := words.Text(words.Of(r.Context()), "selected.*", p.Key)
	return s.Pages.Render(w, r, "selected", frame.Page{Title: title, Nav: "accounts", Data: p, Problem: wrong})
}

// selected returns the page of an action on the accounts of a form, in its order, as far as the
// asker may see them.
func (s selectedPages) selected(r *http.Request, key string, ids []string, form string) (selectedPage, error) {
	action, err := bulkActionOf(key)
	if err != nil {
		return selectedPage{}, err
	}
	command := s.Commands.Offers.Of(action.Body("", ""))
	p := selectedPage{bulkAction: action, Command: command, Asks: accountpage.ReasonOf(command), FormID: form, Back: "/accounts"}
	if err := s.Reach.Need(r, command.Name, command.Right); err != nil {
		return p, err
	}
	known := slices.IndexFunc(ids, func(id string) bool { return uuid.Validate(id) != nil }) < 0
	if !known || len(ids) > mostSelected {
		return p, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	organization, _ := frame.Within(session.Who(r.Context()), command.Right)
	found, err := s.Reach.Accounts(r.Context(), organization, ids)
	if err != nil {
		return p, err
	}
	for _, id := range ids {
		row, ok := found[id]
		if !ok {
			return p, account.ErrNotFound
		}
		selected := selectedRow{Row: row, Badge: row.Badge(s.Now())}
		if key == "send" {
			selected.Stopped = stopped(selected.Badge)
		}
		p.Rows = append(p.Rows, selected)
	}
	return p, nil
}

// runSelected runs the action account by account, and says of each what came of it.
func (s selectedPages) runSelected(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return frame.BadForm(err)
	}
	ids, reason := r.PostForm["id"], strings.TrimSpace(r.PostFormValue("reason"))
	p, err := s.selected(r, r.PostFormValue("action"), ids, r.PostFormValue("form"))
	if err != nil {
		return err
	}
	if p.Asks == accountpage.ReasonRequired && reason == "" {
		wrong := problem.Of(r.Context(), domain.Reason(reason))
		return s.selectedForm(w, r, p.Key, ids, p.FormID, &wrong)
	}
	p.Done = true
	var last eventstore.Position
	for i, row := range p.Rows {
		if row.Stopped != "" {
			continue // it was stopped since the form was shown
		}
		position, err := s.Commands.RunPart(r, frame.OnceKey(p.FormID, row.ID), p.Body(row.ID, reason))
		last = eventstore.Later(last, position)
		if err == nil {
			p.Ready++
			continue
		}
		// One that fails keeps the others from nothing; a fault is logged and shown as one.
		p.Rows[i].Refused = problem.Report(r, err).Detail
	}
	s.Commands.Wait(r.Context(), last, ofList)
	again, err := s.Reach.Accounts(r.Context(), "", ids)
	if err != nil {
		return err
	}
	for i := range p.Rows {
		p.Rows[i].Row = again[p.Rows[i].ID]
		p.Rows[i].Badge = p.Rows[i].Row.Badge(s.Now())
	}
	title := words.Text(words.Of(r.Context()), "selected.*", p.Key)
	return s.Pages.Render(w, r, "selected", frame.Page{Title: title, Nav: "accounts", Data: p})
}
