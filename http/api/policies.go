package api

import (
	"net/http"
	"reflect"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/organizationlist"
)

// policies is the operation about the policies of an organization.
func (a past) policies() operation {
	return operation{
		id: "GetOrganizationPolicies", method: http.MethodGet, path: "/organizations/{id}/policies", right: rights.ReadOrganizations,
		summary: "The policies of one organization: each value, who set it and when, and what the preset says.",
		params: []answers.Param{{
			Name: "asOf", Kind: answers.End,
			Doc: "As they were then: a time, or a date: the end of that day in the organization's time zone. Needs the right to read histories.",
		}, waiting},
		answer: reflect.TypeFor[answers.PoliciesInForce](), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable}, handle: a.policiesAsOf,
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
	right, text := rights.ReadOrganizations, k.args["asOf"]
	if text != "" {
		right = rights.ReadHistory
	}
	row, err := answers.Organizations.Get(k.Context(), a.source, a.asker(k), right, id)
	if err != nil {
		return err
	}
	var at time.Time
	if end, ok := listing.EndOf(text, organization.ZoneNamed(row.TimeZone)); ok {
		at = through(text, end)
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
