package licenserequests_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func tables() []machinery.Projection {
	return []machinery.Projection{accountlist.New(), organizationlist.New(), licenselist.New(), licenserequests.New()}
}

func TestRequests(t *testing.T) {
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		h.Put("account-holder", "admin", "org", noon, account.Created{
			OrganizationID: "org", Username: "an@example.nl", Name: "An", Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "u",
		})
		h.Put("account-admin", "root", "org", noon, account.Created{
			OrganizationID: "org", Username: "baas@example.nl", Name: "De Baas", Role: account.RoleAdmin, Channel: account.ChannelMailLink, UsernameReservation: "u2",
		})
		h.Put("license-bouw", "admin", "org", noon, license.Registered{OrganizationID: "org", Name: "Normen bouw", ShownInSelection: true})
		for i, decide := range []any{
			nil,
			licenserequest.Approved{AccountID: "holder", OrganizationID: "org", LicenseID: "bouw"},
			licenserequest.Rejected{AccountID: "holder", OrganizationID: "org", LicenseID: "bouw", Reason: "eerst de basis"},
			licenserequest.Withdrawn{AccountID: "holder", OrganizationID: "org", LicenseID: "bouw"},
		} {
			stream := "licenserequest-" + string(rune('a'+i))
			h.Put(stream, []string{"holder", "root"}[i%2], "org", noon.Add(time.Duration(i)*time.Hour), licenserequest.Requested{
				AccountID: "holder", OrganizationID: "org", LicenseID: "bouw", Reason: "project", Reservation: "r",
			})
			if decide != nil {
				h.Put(stream, "admin", "org", noon.Add(24*time.Hour), decide)
			}
		}
		h.Build()
		ctx := t.Context()

		page, err := licenserequests.Model.Page(ctx, h.DB, listing.Question{Organization: "org", Sights: listing.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range page.Items {
			got = append(got, r.ID+" "+r.Status+" "+r.Username+" "+r.LicenseName+" "+r.DecisionReason+" "+r.DecidedName+" by "+r.RequestedBy+r.RequestedName)
		}
		want := []string{
			"a open an@example.nl Normen bouw   by holderAn", "b approved an@example.nl Normen bouw  De Baas by root",
			"c rejected an@example.nl Normen bouw eerst de basis De Baas by holderAn", "d withdrawn an@example.nl Normen bouw  De Baas by root",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		for text, number := range map[string]int64{"an@": 4, "bouw": 4, "zorg": 0} {
			found, err := licenserequests.Model.Page(ctx, h.DB, listing.Question{Query: listing.Query{Search: text}})
			if err != nil || found.Total != number {
				t.Errorf("%q: %d found, want %d (%v)", text, found.Total, number, err)
			}
		}
		open, err := licenserequests.CountOpen(ctx, h.DB, "org")
		if err != nil || open != 1 {
			t.Errorf("%d are open (%v)", open, err)
		}
		elsewhere, err := licenserequests.CountOpen(ctx, h.DB, "elsewhere")
		if err != nil || elsewhere != 0 {
			t.Errorf("%d are open elsewhere (%v)", elsewhere, err)
		}
		l, err := licenselist.Model.Get(ctx, h.DB, "bouw")
		if err != nil || l.OpenRequests != 1 || l.Holders != 0 {
			t.Errorf("the license counts %d open and %d holders (%v)", l.OpenRequests, l.Holders, err)
		}
	})
}
