package regionlist_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/organization"
	"sleutelbos/domain/region"
	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/readmodeltest"
	"sleutelbos/projections/models/regionlist"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestRegions(t *testing.T) {
	tables := func() []machinery.Projection {
		return []machinery.Projection{organizationlist.New(), regionlist.New()}
	}
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		policies, _ := organization.PresetKlic.Policies()
		h.Put("organization-o", "root", "o", noon, organization.Registered{Name: "Graafbedrijf", Preset: organization.PresetKlic, Policies: policies.Basic})
		h.Put("region-a", "root", "o", noon, region.Created{OrganizationID: "o", Name: "Delfland", Reservation: "r"},
			region.UserAssigned{AccountID: "x"}, region.UserAssigned{AccountID: "y"}, region.UserAssigned{AccountID: "z"}, region.UserRemoved{AccountID: "x"})
		h.Put("region-a", "root", "o", noon.Add(time.Hour), region.Renamed{Name: "Örde", OldName: "Delfland", Reservation: "s", OldReservation: "r"})
		h.Put("region-b", "root", "o", noon, region.Created{OrganizationID: "o", Name: "Schieland", Reservation: "t"},
			region.UserAssigned{AccountID: "x"}, region.UserRemoved{AccountID: "x"})
		h.Put("region-c", "root", "o", noon, region.Created{OrganizationID: "o", Name: "Amstel", Reservation: "u"}, region.UserAssigned{AccountID: "y"}, region.Archived{Reservation: "u"})
		h.Put("region-d", "root", "p", noon, region.Created{OrganizationID: "p", Name: "Elders", Reservation: "v"}, region.UserAssigned{AccountID: "w"})
		h.Build()
		got, err := regionlist.Model.Get(t.Context(), h.DB, "a")
		if err != nil {
			t.Fatal(err)
		}
		want := regionlist.Item{OrganizationName: "Graafbedrijf", Row: regionlist.Row{
			ID: "a", OrganizationID: "o", Name: "Örde", SortName: typed.SortKey("Örde"), Search: "orde oerde", Users: []string{"y", "z"}, Count: 2,
			CreatedAt: noon, ChangedAt: noon.Add(time.Hour), Revision: 5,
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, c := range []struct {
			q    listing.Question
			want string
		}{
			{listing.Question{Organization: "o"}, "c a b "},
			{listing.Question{Organization: "o", Query: listing.Query{Sort: "-createdAt"}}, "c b a "},
			{listing.Question{Query: listing.Query{Search: "ÖR"}}, "a "},
			{listing.Question{Account: "y"}, "c a "},
			{listing.Question{Account: "w", Organization: "o"}, ""},
			{listing.Question{Fits: map[string]string{"archived": "true"}}, "c "},
			{listing.Question{Fits: map[string]string{"archived": "false", "accountId": "y"}}, "a "},
		} {
			page, err := regionlist.Model.Page(t.Context(), h.DB, c.q)
			found := ""
			for _, item := range page.Items {
				found += item.ID + " "
			}
			if err != nil || found != c.want {
				t.Errorf("%+v: got %q, want %q (%v)", c.q, found, c.want, err)
			}
		}
	})
}
