package accounts

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/words"
)

// accountChange is a form that changes what is known of an account.
type accountChange struct {
	Key, Command string
	Fields       []string // members of the command, each a field of the form
}

var accountChanges = []accountChange{
	{"edit", "ChangeDetails", append([]string{"name"}, detailNames()...)},
	{"username", "ChangeUsername", []string{"username"}},
	{"validity", "SetValidUntil", []string{"validUntil"}},
}

// changePages are forms that change what is known of an account.
type changePages struct{ accountPages }

func (s changePages) mount(r chi.Router) {
	for _, c := range accountChanges {
		r.Get("/accounts/{id}/"+c.Key, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error {
			return s.changeForm(w, r, c, nil, nil)
		}))
		r.Post("/accounts/{id}/"+c.Key, s.Pages.SignedIn(func(w http.ResponseWriter, r *http.Request) error { return s.runChange(w, r, c) }))
	}
}

type changePage struct {
	Head    accountpage.Head
	Change  accountChange
	Details []detail
	Typed   map[string]string
	Now     map[string]string // of the fields that were changed by another meanwhile, what they hold
	Stale   bool
}

func (s changePages) changeForm(w http.ResponseWriter, r *http.Request, c accountChange, typed map[string]string, wrong *problem.Details) error {
	if err := s.Reach.Need(r, c.Command, rights.ManageAccounts); err != nil {
		return err
	}
	h, err := s.heads.Of(r, "")
	if err != nil {
		return err
	}
	if !h.Manages {
		return s.Reach.Denied(r, c.Command, engine.ErrDenied)
	}
	p := changePage{Head: h, Change: c, Details: details, Typed: typed}
	held := held(h.Row, s.Now())
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
	return s.Pages.Render(w, r, "change", frame.Page{Title: words.Text(words.Of(r.Context()), "change.*", c.Key), Nav: "accounts", Data: p, Problem: wrong})
}

func (s changePages) runChange(w http.ResponseWriter, r *http.Request, c accountChange) error {
	row, err := s.Reach.Account(r, rights.ReadAccounts)
	if err != nil {
		return err
	}
	body := map[string]any{"accountId": row.ID}
	for _, field := range c.Fields {
		body[field] = strings.TrimSpace(r.PostFormValue(field))
	}
	if _, err := s.Commands.RunSeen(r, c.Command, body); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return s.changeForm(w, r, c, frame.Typed(r, c.Fields), &details)
	}
	return s.Pages.Done(w, r, "/accounts/"+row.ID, words.Member("done.change-*", c.Key))
}
