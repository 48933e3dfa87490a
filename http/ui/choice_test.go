package ui_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// most is how many options a select offers before a search stands beside it.
const most = 500

// TestF30_EveryOrganizationCanBeChosen has more organizations than a select offers, and looks for the last of
// them wherever one is chosen, as somebody without scripts does.
func TestF30_EveryOrganizationCanBeChosen(t *testing.T) {
	s := newSite(t)
	register := func(name string) (string, eventstore.Position) {
		id := uuid.NewString()
		outcome, err := s.Commands.Run(t.Context(), engine.Request{Actor: rights.System("test"), Origin: eventstore.Origin{Channel: "system"}},
			organizations.RegisterOrganization{OrganizationID: id, Name: name, Preset: organization.Presets()[0]})
		must(t, err)
		return id, outcome.Position
	}
	for i := range most {
		register(fmt.Sprintf("Aaa %04d", i))
	}
	last, position := register("Zzz laatste")
	must(t, s.Runner.WaitFor(t.Context(), position))
	b := s.signIn("root", goodPassword, "nl")
	option := `<option value="` + last + `"`
	for page, name := range map[string]string{
		"/accounts/new": "organizationId", "/accounts": "organizationId", "/licenses": "organizationId", "/licenses/new": "organizationId", "/requests": "organizationId",
		"/letters": "organizationId", "/messages": "organizationId", "/audit": "organization",
	} {
		search := `name="` + name + `-search"`
		if p := b.open(page).says(t, search); p.status != http.StatusOK {
			t.Errorf("%s: %d", page, p.status)
		}
		b.open(page+"?"+name+"-search=laatste").says(t, option, search, `value="laatste"`)
		b.open(page+"?"+name+"-search=nergens").says(t, search).hides(t, option)
		b.open(page+"?"+name+"-search=%ff%00").says(t, search)
		b.open(page+"?"+name+"="+last).says(t, option+" selected>Zzz laatste")
	}
}

// TestF30_EveryRoleAndLicenseCanBeGiven has more of both than a select offers, and looks for the last of
// them where one is given to an account and where accounts are listed by one.
func TestF30_EveryRoleAndLicenseCanBeGiven(t *testing.T) {
	s := newSite(t)
	h := s.house("here", "klic")
	var at eventstore.Position
	run := func(body any) {
		outcome, err := s.Commands.Run(t.Context(), engine.Request{Actor: rights.System("test"), Origin: eventstore.Origin{Channel: "system"}}, body)
		must(t, err)
		at = outcome.Position
	}
	both := func(name string) (role, license string) {
		role, license = uuid.NewString(), uuid.NewString()
		run(rolegroups.CreateRoleGroup{RoleGroupID: role, OrganizationID: h.id, Name: name})
		run(licenses.RegisterLicense{LicenseID: license, OrganizationID: h.id, Name: name, ShownInSelection: true})
		return role, license
	}
	for i := range most {
		both(fmt.Sprintf("Aaa %04d", i))
	}
	role, license := both("Zzz laatste")
	must(t, s.Runner.WaitFor(t.Context(), at))
	b := s.signIn("admin@here.nl", goodPassword, "nl")
	account := "/accounts/" + h.user
	for _, page := range []struct{ path, name, last string }{
		{account + "/roles", "roleGroupId", role}, {account + "/licenses", "licenseId", license},
		{"/accounts", "roleGroup", role}, {"/accounts", "license", license},
	} {
		option, search := `<option value="`+page.last+`"`, `name="`+page.name+`-search"`
		b.open(page.path).says(t, search).hides(t, option)
		b.open(page.path+"?"+page.name+"-search=laatste").says(t, option, search)
		b.open(page.path+"?"+page.name+"-search=nergens").says(t, search).hides(t, option)
	}
	b.post(account+"/roles", "roleGroupId", role).leads(t, account+"/roles")
	b.open("/role-groups/matrix").says(t, "De eerste 30 van 501 groepen, op naam", `href="/role-groups"`)
}
