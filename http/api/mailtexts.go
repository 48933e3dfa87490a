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

// mailTexts is the operation about what the mails of an organization say.
func (a past) mailTexts() operation {
	return operation{
		id: "GetOrganizationTemplates", method: http.MethodGet, path: "/organizations/{id}/templates", right: rights.ReadMessages,
		summary: "What the mails of one organization say, in each language, with the placeholders of each; who changed it and when.",
		params: []answers.Param{{
			Name: "asOf", Kind: answers.End,
			Doc: "As they were then: a time, or a date: the end of that day in the organization's time zone. Needs the right to read histories.",
		}, waiting},
		answer: reflect.TypeFor[answers.MailTexts](), refusals: []int{http.StatusNotFound, http.StatusServiceUnavailable}, handle: a.mailTextsAsOf,
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
	var at time.Time
	if text := k.args["asOf"]; text != "" {
		if !a.asker(k).Who.Reaches(rights.ReadHistory, id, "") {
			return organization.ErrNotFound
		}
		end, ok := listing.EndOf(text, organization.ZoneNamed(row.TimeZone))
		if !ok {
			return answers.BadParam("asOf")
		}
		at = through(text, end)
	}
	found, err := a.of(k).MailTexts(k.Context(), id, at)
	if err != nil {
		return err
	}
	return k.answer(found)
}
