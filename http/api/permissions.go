package api

import (
	"net/http"
	"reflect"
	"slices"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/account"
	"sleutelbos/http/answers"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/models/audithistory"
)

// permissions is the question of the systems behind this one: what may this account do?
func (a past) permissions() operation {
	return operation{
		id: "GetAccountPermissions", method: http.MethodGet, path: "/accounts/{id}/permissions", right: rights.ReadAccounts,
		summary:      "What one account may do, by the role groups that it has. What none of them gives is denied.",
		params:       []answers.Param{asOfParam("asOf", "As it was then"), waiting},
		answerSchema: schema.Of(reflect.TypeFor[answers.AccountPermissions]()), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable},
		handle: a.permissionsAsOf,
	}
}

func (a past) permissionsAsOf(k *asking) error {
	id, err := k.id()
	if err != nil {
		return err
	}
	tables, past := answers.PermissionsTables, k.args["asOf"] != ""
	if past {
		tables = append(slices.Clone(tables), audithistory.Table)
	}
	if err := a.waitFor(k, tables...); err != nil {
		return err
	}
	item, err := answers.Accounts.Get(k.Context(), a.source, a.asker(k), k.rightFor("asOf", rights.ReadAccounts), id)
	if err != nil {
		return err
	}
	if !past {
		found, err := a.source.PermissionsOf(k.Context(), item.Facts)
		if err != nil {
			return err
		}
		return k.answer(found)
	}
	zone, err := a.source.ZoneOfAccount(k.Context(), item)
	if err != nil {
		return err
	}
	at, err := k.moment("asOf", zone)
	if err != nil {
		return err
	}
	found, was, err := a.of(k).Permissions(k.Context(), id, at)
	if err == nil && !was {
		err = account.ErrNotFound // not yet
	}
	if err != nil {
		return err
	}
	return k.answer(found)
}
