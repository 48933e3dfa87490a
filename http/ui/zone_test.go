package ui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// houseIn is a house whose days begin and end elsewhere.
func (s *site) houseIn(zone, name string) house {
	s.t.Helper()
	const id = "7d0b0c1e-5b3f-4c39-9d0a-0d6a2a1f7e10"
	request := engine.Request{Actor: rights.System("test"), Origin: eventstore.Origin{Channel: "system"}}
	request.Name = s.Commands.Of(organizations.RegisterOrganization{}).Name
	outcome, err := s.Commands.Engine.Do(s.t.Context(), request, func(ctx context.Context, c *engine.Call) (any, error) {
		register := organization.Register{Name: name, Preset: organization.PresetKlic, TimeZone: zone}
		_, err := s.Commands.Access.Organizations.Decide(ctx, c, id, register, engine.Step{Own: true, New: true})
		return nil, err
	})
	must(s.t, err)
	must(s.t, s.Runner.WaitFor(s.t.Context(), outcome.Position))
	return house{
		id: id, admin: s.account(id, "admin@"+name+".nl", "Ad "+name, "admin", "admin_password"),
		user: s.account(id, "user@"+name+".nl", "Ursula "+name, "user", "mail_link"),
	}
}

// TestZone tells days and hours as the organization has them that a page is about. It is noon in
// London, one o'clock in Amsterdam and eight in New York.
func TestZone(t *testing.T) {
	s := newSite(t)
	h := s.houseIn("America/New_York", "york")
	admin, root := s.signIn("admin@york.nl", goodPassword, "nl"), s.signIn("root", goodPassword, "nl")
	const amsterdam, york = "14 mrt 2026 13:00", "14 mrt 2026 08:00"
	admin.open("/me").says(t, york, `title="2026-03-14 12:00:00 UTC"`).hides(t, amsterdam)
	root.open("/me").says(t, amsterdam).hides(t, york)

	admin.post("/accounts/"+h.user+"/send").leads(t, "/accounts/"+h.user)
	for _, b := range []*browser{admin, root} {
		for _, path := range []string{"/accounts/" + h.user, "/organizations/" + h.id} {
			b.open(path).says(t, york).hides(t, amsterdam)
		}
		b.open("/accounts/"+h.user).says(t, "14 apr 2026") // until midnight in New York, which is the 15th in Amsterdam
		b.open("/accounts?q=ursula").says(t, "14 apr 2026").hides(t, "15 apr 2026")
		b.open("/accounts/"+h.user+"/history").says(t, "08:00:00").hides(t, "13:00:00")
		b.open("/organizations/"+h.id+"/history").says(t, "08:00:00").hides(t, "13:00:00")
		b.open("/accounts/"+h.user+"/history?at=2026-03-14T08:00:00-04:00").says(t, "Op "+york, `value="2026-03-14T08:00"`, "na stap")
		b.open("/accounts/"+h.user+"/history?at=2026-03-14T07:59:00-04:00").says(t, "Het account bestond toen nog niet")
		b.open("/audit?organization="+h.id).says(t, "08:00:00").hides(t, "13:00:00")
	}
	admin.open("/audit").says(t, "08:00:00").hides(t, "13:00:00")
	root.open("/audit").says(t, "13:00:00").hides(t, "08:00:00")

	s.advance(15 * time.Hour) // 23:00 in New York, and the next day in Amsterdam
	admin.post("/accounts/"+h.user+"/block", "reason", "te laat op de avond")
	same(t, len(admin.open("/accounts/"+h.user+"/history?from=2026-03-15").said()), 0)
	admin.open("/audit?from=2026-03-15").hides(t, "te laat op de avond")
	root.open("/audit?from=2026-03-15").says(t, "te laat op de avond")
	root.post("/organizations/"+h.id+"/domains", "domain", "york.example")
	for _, path := range []string{"/organizations/" + h.id + "/history", "/accounts/" + h.user + "/history"} {
		root.open(path).says(t, "<h3>", "zaterdag 14 maart 2026", "23:00:00").hides(t, "zondag 15 maart 2026")
		same(t, strings.Count(root.open(path).body, "zaterdag 14 maart 2026"), 1)
	}
}

// TestF29_ADateIsADayOfTheOrganization asks the API and the pages for days of an organization in New
// York, where it is eleven in the evening of the 14th while it is the 15th in Amsterdam and in UTC.
func TestF29_ADateIsADayOfTheOrganization(t *testing.T) {
	s := newSite(t)
	h := s.houseIn("America/New_York", "york")
	s.advance(15 * time.Hour)
	admin, root := s.signIn("admin@york.nl", goodPassword, "nl"), s.signIn("root", goodPassword, "nl")
	account := "/accounts/" + h.user
	admin.post(account+"/block", "reason", "te laat op de avond")
	late := s.account(h.id, "late@york.nl", "Late", "user", "mail_link")
	const block = `"type":"account.blocked.v1"`
	for _, b := range []*browser{admin, root} {
		history := "/api/v1" + account + "/history"
		b.open(history+"?from=2026-03-14").says(t, block)
		b.open(history+"?from=2026-03-15").hides(t, block)
		b.open(history+"?to=2026-03-14").says(t, block)
		b.open(history+"?to=2026-03-13").hides(t, block)
		b.open("/api/v1/audit?from=2026-03-15&organization="+h.id).hides(t, block)
		b.open("/api/v1/audit?to=2026-03-14&organization="+h.id).says(t, block)
		b.open("/api/v1"+account+"/as-of?at=2026-03-14").says(t, `"blocked":true`)
		b.get("/api/v1"+account+"/as-of?at=2026-03-13T23:59:59-04:00").says(t, "account-not-found")
		b.open("/api/v1"+account+"/compare?from=2026-03-14T09:00:00-04:00&to=2026-03-14").says(t, `"field":"blocked","old":false,"new":true`)
		of := "&organizationId=" + h.id
		b.open("/api/v1/accounts?createdAfter=2026-03-15"+of).hides(t, late)
		b.open("/api/v1/accounts?createdBefore=2026-03-15"+of).says(t, late)
		b.open("/accounts?createdAfter=2026-03-15"+of).hides(t, late)
		b.open("/accounts?createdAfter=2026-03-14"+of).says(t, late)
	}
	for zone, path := range map[string]string{"New York": account, "Amsterdam": "/accounts/" + s.house("holland", "klic").user} {
		drawn := root.open(path + "/validity")
		root.sendChanged(drawn, path+"/validity", "validUntil", "2026-03-20").leads(t, path)
		id := path[len("/accounts/"):]
		for _, list := range []string{"/accounts", "/api/v1/accounts"} {
			t.Run(zone+list, func(t *testing.T) {
				root.open(list+"?validUntilBefore=2026-03-21").says(t, id)
				root.open(list+"?validUntilBefore=2026-03-20").hides(t, id)
			})
		}
	}
}

// TestF29_AnAddressMeansOneMoment travels to an hour that comes twice.
func TestF29_AnAddressMeansOneMoment(t *testing.T) {
	s := newSite(t)
	h := s.house("twice", "klic")
	history := "/accounts/" + h.user + "/history"
	s.advance(time.Date(2026, 10, 25, 0, 45, 0, 0, time.UTC).Sub(noon)) // 02:45, for the first time
	b := s.signIn("root", goodPassword, "nl")
	b.post("/accounts/"+h.user+"/block", "reason", "tussen de twee")
	const first, second = "2026-10-25T02%3A50%3A00%2B02%3A00", "2026-10-25T02%3A50%3A00%2B01%3A00"
	b.get(history+"?at=2026-10-25T02:50").leads(t, history+"?at="+first)
	b.open(history+"?at="+first).says(t, "komt twee keer voor", "25 okt 2026 02:50 (&#43;02:00)", `href="`+history+`?at=`+second+`"`, "25 okt 2026 02:45 (+02:00)", `href="`+history+`?at=`+first+`&amp;pin=`+first)
	b.open(history+"?at="+second).says(t, "25 okt 2026 02:50 (&#43;01:00)", `href="`+history+`?at=`+first+`"`)
	b.open(history+"?at=2026-10-25T02%3A30%3A00%2B02%3A00").says(t, "actief")
	b.get(history+"?step=2&pin=2026-10-25T02:50").leads(t, history+"?pin="+first+"&step=2")
	b.open(history+"?at=2026-10-24T02%3A50%3A00%2B02%3A00").hides(t, "komt twee keer voor")
}

// TestF29_AnOrganizationGetsAnotherZone sets it, on the page and by the command.
func TestF29_AnOrganizationGetsAnotherZone(t *testing.T) {
	s := newSite(t)
	h := s.house("eiland", "klic")
	b := s.signIn("root", goodPassword, "nl")
	rules := "/organizations/" + h.id + "/rules"
	b.open("/accounts/"+h.user).says(t, "14 mrt 2026 13:00")
	b.sendChanged(b.open(rules), rules+"/timeZone", "value", "America/Curacao").leads(t, rules)
	b.open(rules).says(t, "De regel is opgeslagen")
	b.open("/organizations/"+h.id).says(t, "America/Curacao", "14 mrt 2026 08:00")
	b.open("/accounts/"+h.user).says(t, "14 mrt 2026 08:00")
	b.open("/organizations/"+h.id+"/history").says(t, "wijzigde de tijdzone", "America/Curacao", "Europe/Amsterdam")
	refused := b.sendChanged(b.open(rules), rules+"/timeZone", "value", "Europe/Nenty")
	same(t, refused.status, 422)
	refused.says(t, `value="Europe/Nenty"`)
}

// TestF29_TheLastDayIsSaidAsOne asks that a deadline is not said to lie after its last day.
func TestF29_TheLastDayIsSaidAsOne(t *testing.T) {
	s := newSite(t)
	h := s.house("dag", "klic")
	user := s.account(h.id, "nora@dag.nl", "Nora", "user", "mail_link")
	s.signIn("root", goodPassword, "nl").post("/accounts/"+user+"/send").leads(t, "/accounts/"+user)
	for language, says := range map[string]string{"nl": "Registreren t/m", "en": "Register by"} {
		b := s.signIn("root", goodPassword, language)
		b.open("/accounts/"+user).says(t, says).hides(t, "Registratie vóór", "Register before")
	}
}
