package api

import (
	"net/http"
	"reflect"

	"sleutelbos/commands/rights"
	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
)

// permissions is the question of the systems behind this one: what may this account do?
func (a *API) permissions() operation {
	return operation{
		id: "GetAccountPermissions", method: http.MethodGet, path: "/accounts/{id}/permissions", right: rights.ReadAccounts,
		summary: "What one account may do, by the role groups that it has. What none of them gives is denied.",
		params:  []answers.Param{waiting}, answerSchema: schema.Of(reflect.TypeFor[answers.AccountPermissions]()), refusals: []int{http.StatusNotFound},
		handle: func(k *asking) error {
			id, err := k.id()
			if err != nil {
				return err
			}
			if err := a.waitFor(k, answers.PermissionsTables...); err != nil {
				return err
			}
			row, err := answers.Accounts.Get(k.Context(), a.source, a.asker(k), rights.ReadAccounts, id)
			if err != nil {
				return err
			}
			found, _, err := a.source.PermissionsOf(k.Context(), row.Facts)
			if err != nil {
				return err
			}
			return k.answer(found)
		},
	}
}
