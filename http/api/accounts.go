package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/audithistory"
)

func (a *API) accountOperations() []operation {
	get := oneOf[answers.AccountDetail]{
		id: "GetAccount", path: "/accounts/{id}", summary: "One account with all its facts.", right: rights.ReadAccounts,
		table: accountdetail.Table, missing: account.ErrNotFound,
		get: func(k *asking, id string) (answers.AccountDetail, owner, error) {
			row, err := a.detail(k.Context(), id)
			if err != nil {
				return answers.AccountDetail{}, owner{}, err
			}
			view, err := a.past(k).View(k.Context(), row, a.Now())
			return view, owner{eventstore.AccountSubject(id), row.OrganizationID, id, row.Revision}, err
		},
	}
	return []operation{a.accountList(), get.operation(a), a.me()}
}

func (a *API) detail(ctx context.Context, id string) (accountdetail.Row, error) {
	return machinery.One[accountdetail.Row](ctx, a.DB,
		`SELECT `+accountdetail.New().Columns()+` FROM `+accountdetail.Table+` WHERE id = $1`, id)
}

// historian refuses an account outside the asker's reach, and waits for the history.
func (a *API) historian(k *asking) (id string, err error) {
	if id, err = k.id(); err != nil {
		return "", err
	}
	if err := a.waitFor(k, audithistory.Table, accountdetail.Table); err != nil {
		return "", err
	}
	row, err := found1(a.detail(k.Context(), id))
	if err != nil {
		return "", err
	}
	return id, a.reach(k, row.OrganizationID, id, account.ErrNotFound)
}

func found1(row accountdetail.Row, err error) (accountdetail.Row, error) {
	if errors.Is(err, machinery.ErrNoRow) {
		return row, account.ErrNotFound
	}
	return row, err
}

// me answers who asks.
type me struct {
	Account *answers.AccountDetail `json:"account" doc:"Null where the account is not visible yet."`
	ID      string                 `json:"id" format:"uuid"`
	Role    string                 `json:"role"`
	Rights  map[string]string      `json:"rights" doc:"Each right with its reach: self, organization or all."`
	MustDo  []string               `json:"mustDo" doc:"What must be done before anything else."`
}

func (a *API) me() operation {
	return operation{
		id: "GetMe", method: http.MethodGet, path: "/me", summary: "Who asks: the account, its rights, what it must do first.",
		params: []answers.Param{waiting}, answer: reflect.TypeFor[me](),
		handle: func(k *asking) error {
			if err := a.waitFor(k, accountdetail.Table); err != nil {
				return err
			}
			answer := me{ID: k.who.AccountID, Role: string(k.who.Role), Rights: a.reachOf(k.who), MustDo: []string{}}
			if k.who.PasswordChangeRequired {
				answer.MustDo = append(answer.MustDo, "choose_password")
			}
			row, err := a.detail(k.Context(), k.who.AccountID)
			if err == nil {
				var view answers.AccountDetail
				view, err = a.past(k).View(k.Context(), row, a.Now())
				answer.Account = &view
			}
			if err != nil && !errors.Is(err, machinery.ErrNoRow) {
				return err
			}
			return k.answer(answer)
		},
	}
}

// reachOf answers the rights of whoever asks, of those that something here needs.
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
	for _, o := range a.Offers.List() {
		note(o.Right)
	}
	return reach
}
