package ui_test

import (
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/regions"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/regionlist"
)

// TestF35_ClosingLeavesNothingBehind closes an account that has a license, asks for one and is in a region,
// and waits until it has none of them any more.
func TestF35_ClosingLeavesNothingBehind(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	do[engine.None](s, licenses.GrantLicense{LicenseID: h.hidden, AccountID: h.user})
	s.request(h.user, h.other, "voor een project")
	region := do[regions.RegionMade](s, regions.CreateRegion{OrganizationID: h.id, Name: "Noord"}).RegionID
	do[engine.None](s, regions.AssignUsersToRegion{RegionID: region, AccountIDs: []string{h.user}})
	has := func() (has [3]int) {
		t.Helper()
		s.settle()
		rows, err := accountlist.ByID(t.Context(), s.Rows, "", []string{h.user})
		must(t, err)
		open, err := licenserequests.OpenOf(t.Context(), s.Rows, h.user)
		must(t, err)
		in, err := regionlist.Of(t.Context(), s.Rows, h.user)
		must(t, err)
		return [3]int{len(rows[h.user].Licenses), len(open), len(in)}
	}
	same(t, has(), [3]int{1, 1, 1})
	do[engine.None](s, accounts.CloseAccount{AccountID: h.user, Reason: "uit dienst"})
	look, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer look.Stop()
	for has() != [3]int{} {
		select {
		case <-look.C:
		case <-late:
			t.Fatalf("it still has %v (licenses, requests, regions)", has())
		}
	}
}
