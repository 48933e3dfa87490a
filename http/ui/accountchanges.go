package ui

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// accountChange is a form that changes what is known of an account.
type accountChange struct {
	Key, Command string
	Fields       []string // members of the command, each a field of the form
}

var accountChanges = []accountChange{
	{"edit", "ChangeDetails", []string{"name", "email", "phone", "country", "description"}},
	{"username", "ChangeUsername", []string{"username"}},
	{"validity", "SetValidUntil", []string{"validUntil"}},
}

func (u *UI) mountAccountChanges(r chi.Router) {
	for _, c := range accountChanges {
		r.Get("/accounts/{id}/"+c.Key, u.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
			return u.changeForm(w, r, c, nil, nil)
		}))
		r.Post("/accounts/{id}/"+c.Key, u.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return u.runChange(w, r, c) }))
	}
}

type changePage struct {
	Head   accountHead
	Change accountChange
	Typed  map[string]string
	Now    map[string]string // of the fields that were changed by another meanwhile, what they hold
	Stale  bool
}

func (h accountHead) held() map[string]string {
	return map[string]string{
		"name": h.Name, "email": h.Email, "phone": h.Phone, "country": h.Country, "description": h.Description,
		"username": h.Username, "validUntil": h.ValidUntil,
	}
}

func (u *UI) changeForm(w http.ResponseWriter, r *http.Request, c accountChange, typed map[string]string, wrong *problem.Details) error {
	if err := u.Reach.Need(r, c.Command, rights.ManageAccounts); err != nil {
		return err
	}
	h, err := u.accountHead(r, "")
	if err != nil {
		return err
	}
	if !h.Manages {
		return u.Reach.Denied(r, c.Command, engine.ErrDenied)
	}
	p := changePage{Head: h, Change: c, Typed: typed}
	held := h.held()
	if typed == nil {
		p.Typed = held
	}
	if wrong != nil && wrong.Status == http.StatusPreconditionFailed {
		p.Stale, p.Now = true, map[string]string{}
		for _, field := range c.Fields {
			if held[field] != typed[field] {
				p.Now[field] = held[field]
			}
		}
		wrong.Detail = words.Text(words.Of(r.Context()), "change.stale")
	}
	return u.Pages.Render(w, r, "accountchange", frame.Page{Title: words.Text(words.Of(r.Context()), "change."+c.Key), Nav: "accounts", Data: p, Problem: wrong})
}

func (u *UI) runChange(w http.ResponseWriter, r *http.Request, c accountChange) error {
	row, err := u.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	body := map[string]any{"accountId": row.ID}
	for _, field := range c.Fields {
		body[field] = strings.TrimSpace(r.PostFormValue(field))
	}
	if _, err := u.Commands.RunSeen(r, c.Command, body); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return u.changeForm(w, r, c, frame.Typed(r, c.Fields), &details)
	}
	return u.Pages.Done(w, r, "/accounts/"+row.ID, "done.change-"+c.Key)
}
