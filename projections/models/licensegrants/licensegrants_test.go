package licensegrants_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licensegrants"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func tables() []machinery.Projection {
	return []machinery.Projection{accountlist.New(), licensegrants.New()}
}

// TestF35_WhoGaveALicense: of each license that an account has it is known who gave it and when, and
// nothing is left of one that was taken back.
func TestF35_WhoGaveALicense(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		h.Put("account-boss", "root", "org", noon, account.Created{
			OrganizationID: "org", Username: "baas@example.nl", Name: "De Baas", Role: account.RoleAdmin, Channel: account.ChannelMailLink, UsernameReservation: "u",
		})
		given := func(by, to, of string, at time.Time) {
			h.Put("license-"+of, by, "org", at, license.Granted{AccountID: to, OrganizationID: "org", Origin: license.OriginAdmin})
		}
		given("boss", "ann", "bouw", noon)
		given("boss", "bob", "bouw", noon)
		given("grants", "ann", "zorg", noon.Add(time.Hour))
		given("boss", "ann", "oud", noon)
		h.Put("license-oud", "boss", "org", noon.Add(time.Minute), license.Revoked{AccountID: "ann", OrganizationID: "org", Because: license.BecauseTakenBack, Reason: "weg"})
		h.Build()
		for who, want := range map[string]map[string]licensegrants.Grant{
			"ann": {
				"bouw": {LicenseID: "bouw", GrantedAt: noon, GrantedByName: "De Baas"},
				"zorg": {LicenseID: "zorg", GrantedAt: noon.Add(time.Hour)},
			},
			"bob":    {"bouw": {LicenseID: "bouw", GrantedAt: noon, GrantedByName: "De Baas"}},
			"nobody": {},
		} {
			got, err := licensegrants.Of(t.Context(), h.DB, who)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", who, diff)
			}
		}
	})
}
