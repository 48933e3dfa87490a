package api

import (
	"errors"
	"net/http"
	"reflect"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/models/accountdetail"
)

// me is the answer to who asks.
type me struct {
	Account answers.Item      `json:"account"`
	ID      string            `json:"id" format:"uuid"`
	Role    string            `json:"role"`
	Rights  map[string]string `json:"rights" doc:"Each right with its reach: self, organization or all."`
	MustDo  []string          `json:"mustDo" doc:"What must be done before anything else."`
}

func (a *API) me() operation {
	s := schema.Of(reflect.TypeFor[me]())
	s.Properties["account"] = accountSchema("Null where the account is not visible yet.")
	return operation{
		id: "GetMe", method: http.MethodGet, path: "/me", summary: "Who asks: the account, its rights, what it must do first.",
		params: []answers.Param{waiting}, answerSchema: s,
		handle: func(k *asking) error {
			if err := a.waitFor(k, accountdetail.Table); err != nil {
				return err
			}
			answer := me{ID: k.who.AccountID, Role: string(k.who.Role), Rights: a.reachOf(k.who), MustDo: []string{}}
			if k.who.PasswordChangeRequired {
				answer.MustDo = append(answer.MustDo, "choose_password")
			}
			row, err := answers.Accounts.Own(k.Context(), a.source, a.asker(k))
			switch {
			case err == nil:
				answer.Account = answers.Accounts.Whole.View(&row, a.Now(), true)
			case !errors.Is(err, account.ErrNotFound):
				return err
			}
			return k.answer(answer)
		},
	}
}

// reachOf returns the rights of whoever asks, of those that something here needs.
func (a *API) reachOf(who rights.Principal) map[string]string {
	names := map[rights.Scope]string{rights.ScopeSelf: "self", rights.ScopeOrganization: "organization", rights.ScopeAll: "all"}
	reach := map[string]string{}
	note := func(right rights.Right) {
		if scope := who.May(right); scope != rights.ScopeNone {
			reach[string(right)] = names[scope]
		}
	}
	for _, o := range a.operations {
		note(o.right)
	}
	for _, o := range a.Service.List() {
		note(o.Right)
	}
	return reach
}
