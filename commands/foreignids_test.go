package commands_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/persons"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/refusal"
)

// TestF52_ForeignIDsAreNotTold: whoever names a new thing by the id of one that is out of reach is
// told that there is none. The test has a line for every command whose things clients may name.
func TestF52_ForeignIDsAreNotTold(t *testing.T) {
	h := newHouse(t)
	theirs, mine := h.organization(1, "klic"), h.organization(2, "klic")
	nen := h.organization(3, "officeheart")
	admin, user := h.account(10, mine, "admin"), h.account(11, mine, "user")
	clerk := h.account(15, nen, "admin")
	h.account(12, theirs, "user")
	h.account(13, mine, "user")
	ok(h, h.platform(), regions.CreateRegion{OrganizationID: theirs, RegionID: id(20), Name: "Noord"})
	ok(h, h.platform(), licenses.RegisterLicense{OrganizationID: theirs, LicenseID: id(21), Name: "Norms", ShownInSelection: true})
	ok(h, h.platform(), licenses.RequestLicense{RequestID: id(22), AccountID: id(12), LicenseID: id(21)})
	norms := result[licenses.LicenseMade](h, admin, licenses.RegisterLicense{OrganizationID: mine, Name: "Norms", ShownInSelection: true}).LicenseID
	ok(h, admin, licenses.RequestLicense{RequestID: id(23), AccountID: id(13), LicenseID: norms})
	ok(h, admin, licenses.AddStandard{LicenseID: norms, Standard: "NEN 7510"})
	other := h.organization(4, "officeheart")
	ok(h, h.platform(), rolegroups.CreateRoleGroup{OrganizationID: other, RoleGroupID: id(24), Name: "Planners"})
	known := persons.NameParts[string]{Surname: "Berg"}
	ok(h, h.platform(), persons.RegisterPerson{OrganizationID: other, PersonID: id(25), NameParts: known})
	account := create(12, mine)
	account.Username = "free@example.nl"
	stale := account
	stale.Username = username(12) // as if the id had been made by a retry
	for n, c := range []struct {
		who  rights.Principal
		body any
		code string
	}{
		{admin, account, "account-not-found"},
		{admin, stale, "account-not-found"},
		{admin, regions.CreateRegion{OrganizationID: mine, RegionID: id(20), Name: "Noord"}, "region-not-found"},
		{admin, licenses.RegisterLicense{OrganizationID: mine, LicenseID: id(21), Name: "Norms"}, "license-not-found"},
		{admin, licenses.RequestLicense{RequestID: id(22), AccountID: id(11), LicenseID: norms}, "request-not-found"},
		{user, licenses.RequestLicense{RequestID: id(23), AccountID: id(11), LicenseID: norms}, "request-not-found"}, // a colleague's
		{admin, licenses.RequestStandard{RequestID: id(22), AccountID: id(11), LicenseID: norms, Standard: "NEN 7510"}, "request-not-found"},
		{clerk, rolegroups.CreateRoleGroup{OrganizationID: nen, RoleGroupID: id(24), Name: "Planners"}, "role-group-not-found"},
		{clerk, persons.RegisterPerson{OrganizationID: nen, PersonID: id(25), NameParts: known}, "person-not-found"},
		{admin, organizations.RegisterOrganization{OrganizationID: theirs, Name: "Mine", Preset: "klic"}, "no-right"},
	} {
		refused(h, c.who, c.body, c.code)
		refused(h, c.who, c.body, c.code, dry)
		refused(h, c.who, c.body, c.code, keyed("key of "+c.code+c.who.AccountID+fmt.Sprint(n)))
	}
	refused(h, admin, create(10, mine), "account-exists") // within reach
	var named, tried []string
	for _, c := range h.Commands.All() {
		for _, member := range c.Body.Properties {
			if strings.HasPrefix(member.Description, "Chosen by the client") {
				named = append(named, c.Name)
			}
		}
	}
	events, _ := h.opened("refusals-2026-03")
	for _, event := range events {
		tried = append(tried, event.(refusal.Recorded).Command)
	}
	slices.Sort(named)
	slices.Sort(tried)
	same(t, slices.Compact(tried), named)
}
