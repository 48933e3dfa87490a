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
		b.open("/accounts/"+h.user+"/history?at=2026-03-14T08:00").says(t, "Op "+york, `value="2026-03-14T08:00"`, "na stap")
		b.open("/accounts/"+h.user+"/history?at=2026-03-14T07:59").says(t, "Het account bestond toen nog niet")
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
