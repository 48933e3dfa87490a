package api

import (
	"net/http"
	"reflect"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/personlist"
)

// employment is the question whether a person was employed on a day, as it was known on another.
func (a past) employment() operation {
	return operation{
		id: "GetPersonEmployment", method: http.MethodGet, path: "/persons/{id}/employment", right: rights.ReadPersons,
		summary: "Whether one person was employed on a day, by what is known now or was known at a time.",
		params: []answers.Param{
			{Name: "on", Kind: answers.Moment, Doc: "A day, yyyy-mm-dd; today if absent."},
			asOfParam("knownAt", "By what had been recorded then"),
			waiting,
		},
		answer: reflect.TypeFor[answers.Employments](), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable}, handle: a.employedOn,
	}
}

func (a past) employedOn(k *asking) error {
	id, err := k.id()
	if err == nil {
		err = a.waitFor(k, audithistory.Table, personlist.Table, organizationlist.Table)
	}
	if err != nil {
		return err
	}
	row, err := answers.Persons.Get(k.Context(), a.source, a.asker(k), k.rightFor("knownAt", rights.ReadPersons), id)
	if err != nil {
		return err
	}
	zone := organization.ZoneNamed(row.TimeZone)
	on := k.args["on"]
	if on == "" {
		on = a.source.Now().In(zone).Format(time.DateOnly)
	}
	if _, err := time.Parse(time.DateOnly, on); err != nil {
		return answers.BadParam("on")
	}
	known, err := k.moment("knownAt", zone)
	if err != nil {
		return err
	}
	found, err := a.of(k).Employed(k.Context(), id, on, known)
	if err != nil {
		return err
	}
	return k.answer(found)
}
