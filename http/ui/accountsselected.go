package ui

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"sleutelbos/commands"
	"sleutelbos/commands/rights"
	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/words"
	"sleutelbos/projections/models/accountlist"
)

// mostSelected is how many accounts one form acts on: a page of the list, and some.
const mostSelected = 200

// bulkAction is what can be done to several accounts at once.
type bulkAction struct {
	Key, Command string
	Reason       bool // it asks for one
	Danger       bool
}

var bulkActions = []bulkAction{
	{Key: "send", Command: "SendActivation"},
	{Key: "disable", Command: "DisableAccount", Reason: true, Danger: true},
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
	Rows   []selectedRow
	Ready  int // of the rows, how many it can be done to
	Reason string
	FormID string // makes a repetition harmless
	Done   bool
	Back   string
}

// selectedRow is one account with what would happen to it, or did.
type selectedRow struct {
	accountlist.Row
	Badge   string
	Happens []string // sentences
	Refused string   // why not
}

// confirmSelected shows what an action would do to each of the selected accounts.
func (u *UI) confirmSelected(w http.ResponseWriter, r *http.Request) error {
	return u.selectedForm(w, r, http.StatusOK, r.URL.Query()["id"], selectedPage{FormID: newKey()}, r.URL.Query().Get("action"), nil)
}

func (u *UI) selectedForm(w http.ResponseWriter, r *http.Request, status int, ids []string, p selectedPage, key string, wrong *problem.Details) error {
	action, rows, err := u.selected(r, key, ids)
	if err != nil {
		return err
	}
	p.bulkAction, p.Rows, p.Back = action, rows, "/accounts"
	for i, row := range p.Rows {
		outcome, err := u.preview(r, action.Command, action.body(row.ID, "…"))
		if err == nil {
			p.Rows[i].Happens = willHappen(words.Of(r.Context()), action.Key, outcome)
			p.Ready++
			continue
		}
		details, ok := refused(r, err)
		if !ok && details.Status != http.StatusForbidden && details.Status != http.StatusNotFound {
			return err
		}
		p.Rows[i].Refused = details.Detail
	}
	title := words.Text(words.Of(r.Context()), "selected."+action.Key)
	return u.render(w, r, status, "accountsselected", Page{Title: title, Nav: "accounts", Data: p, Problem: wrong})
}

func (a bulkAction) body(id, reason string) map[string]any {
	body := map[string]any{"accountId": id}
	if a.Reason {
		body["reason"] = reason
	}
	return body
}

// selected answers the accounts of a form, in its order, as far as the asker may see them.
func (u *UI) selected(r *http.Request, key string, ids []string) (bulkAction, []selectedRow, error) {
	action, err := bulkActionOf(key)
	if err == nil {
		err = u.need(r, action.Command, rights.ManageAccounts)
	}
	if err != nil {
		return action, nil, err
	}
	known := slices.IndexFunc(ids, func(id string) bool { return uuid.Validate(id) != nil }) < 0
	if !known || len(ids) > mostSelected {
		return action, nil, problem.New(http.StatusBadRequest, "parameter-invalid")
	}
	organization, _ := within(session.Who(r.Context()), rights.ManageAccounts)
	found, err := u.accountsOf(r.Context(), organization, ids)
	if err != nil {
		return action, nil, err
	}
	var rows []selectedRow
	for _, id := range ids {
		row, ok := found[id]
		if !ok {
			return action, nil, account.ErrNotFound
		}
		rows = append(rows, selectedRow{Row: row, Badge: row.Badge(u.Now())})
	}
	return action, rows, nil
}

// runSelected does it, account by account, and says of each what came of it.
func (u *UI) runSelected(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badForm(err)
	}
	ids, reason := r.PostForm["id"], strings.TrimSpace(r.PostFormValue("reason"))
	action, rows, err := u.selected(r, r.PostFormValue("action"), ids)
	if err != nil {
		return err
	}
	p := selectedPage{bulkAction: action, Rows: rows, Reason: reason, FormID: r.PostFormValue("form"), Done: true, Back: "/accounts"}
	if action.Reason && reason == "" {
		wrong := problem.Of(r.Context(), domain.Reason(reason))
		return u.selectedForm(w, r, wrong.Status, ids, p, action.Key, &wrong)
	}
	var last eventstore.Position
	for i, row := range p.Rows {
		position, err := u.runOnce(r, action.Command, onceKey(p.FormID, row.ID), action.body(row.ID, reason))
		last = max(last, position)
		if err == nil {
			p.Ready++
			continue
		}
		// One that fails keeps the others from nothing; a fault is logged and shown as one.
		p.Rows[i].Refused = problem.Report(r, err).Detail
	}
	u.wait(r.Context(), last, u.Runner.Names()...)
	again, err := u.accountsOf(r.Context(), "", ids)
	if err != nil {
		return err
	}
	for i := range p.Rows {
		p.Rows[i].Row = again[p.Rows[i].ID]
		p.Rows[i].Badge = p.Rows[i].Row.Badge(u.Now())
	}
	title := words.Text(words.Of(r.Context()), "selected."+action.Key)
	return u.render(w, r, http.StatusOK, "accountsselected", Page{Title: title, Nav: "accounts", Data: p})
}

// runOnce runs a command without waiting for the read models.
func (u *UI) runOnce(r *http.Request, name, key string, body map[string]any) (eventstore.Position, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	req := session.Request(r, "ui")
	req.IdempotencyKey = key
	outcome, err := u.Offers.Run(context.WithoutCancel(r.Context()), name, raw, req) // a closed tab does not leave half of them undone
	return outcome.Position, err
}

// willHappen says in plain language what a dry run answered: its events, and what follows
// from them outside the log.
func willHappen(l words.Language, action string, outcome commands.Outcome) []string {
	if len(outcome.Events) == 0 {
		return []string{words.Text(l, "will.nothing")}
	}
	var said []string
	say := func(sentence string) {
		if sentence != "" && !slices.Contains(said, sentence) {
			said = append(said, sentence)
		}
	}
	for _, e := range outcome.Events {
		event, _ := catalog.Find(e.Type) // it would be stored, so it is there
		say(words.Said(l, event.Will))
	}
	if after := "will.after." + action; words.Known(l, after) {
		say(words.Text(l, after))
	}
	return said
}
