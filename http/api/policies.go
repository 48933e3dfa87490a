package api

import (
	"net/http"
	"reflect"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/organizationlist"
)

// policies is the operation about the policies of an organization.
func (a past) policies() operation {
	return operation{
		id: "GetOrganizationPolicies", method: http.MethodGet, path: "/organizations/{id}/policies", right: rights.ReadOrganizations,
		summary: "The policies of one organization: each value, who set it and when, and what the preset says.",
		params:  []answers.Param{asOfParam("asOf", "As they were then"), waiting},
		answer:  reflect.TypeFor[answers.PoliciesInForce](), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable}, handle: a.policiesAsOf,
	}
}

func (a past) policiesAsOf(k *asking) error {
	id, err := k.id()
	if err == nil {
		err = a.waitFor(k, audithistory.Table, organizationlist.Table)
	}
	if err != nil {
		return err
	}
	row, err := answers.Organizations.Get(k.Context(), a.source, a.asker(k), k.rightFor("asOf", rights.ReadOrganizations), id)
	if err != nil {
		return err
	}
	at, err := k.moment("asOf", organization.ZoneNamed(row.TimeZone))
	if err != nil {
		return err
	}
	found, err := a.of(k).Policies(k.Context(), id, at)
	if err != nil {
		return err
	}
	if found.Preset == "" {
		return organization.ErrNotFound // not yet
	}
	return k.answer(found)
}
