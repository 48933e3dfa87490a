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

// mailTexts is the operation about what the mails of an organization say.
func (a past) mailTexts() operation {
	return operation{
		id: "GetOrganizationTemplates", method: http.MethodGet, path: "/organizations/{id}/templates", right: rights.ReadMessages,
		summary: "What the mails of one organization say, in each language, with the placeholders of each; who changed it and when.",
		params:  []answers.Param{asOfParam("asOf", "As they were then"), waiting},
		answer:  reflect.TypeFor[answers.MailTexts](), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable}, handle: a.mailTextsAsOf,
	}
}

func (a past) mailTextsAsOf(k *asking) error {
	id, err := k.id()
	if err == nil {
		err = a.waitFor(k, audithistory.Table, organizationlist.Table)
	}
	if err != nil {
		return err
	}
	row, err := answers.Organizations.Get(k.Context(), a.source, a.asker(k), rights.ReadMessages, id)
	if err != nil {
		return err
	}
	if k.args["asOf"] != "" && !a.asker(k).Who.Reaches(rights.ReadHistory, id, "") {
		return organization.ErrNotFound
	}
	at, err := k.moment("asOf", organization.ZoneNamed(row.TimeZone))
	if err != nil {
		return err
	}
	found, err := a.of(k).MailTexts(k.Context(), id, at)
	if err != nil {
		return err
	}
	return k.answer(found)
}
