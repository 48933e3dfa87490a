package personlist_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/organization"
	"sleutelbos/domain/person"
	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/personlist"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestPersons(t *testing.T) {
	tables := func() []machinery.Projection {
		return []machinery.Projection{organizationlist.New(), personlist.New()}
	}
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		policies, _ := organization.PresetInformat.Policies()
		h.Put("organization-o", "root", "o", noon, organization.Registered{Name: "School", Preset: organization.PresetInformat, Policies: policies.Basic})
		h.Put("person-a", "root", "o", noon, person.Registered{
			OrganizationID: "o", GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixFirst, Email: "jan@school.be",
			Phone: "03 234 56 78", PhoneNumber: "+3232345678", BirthDate: "1985-07-30",
		}, person.EmploymentStarted{From: "2020-01-01", Until: "2026-03-14"}, person.EmploymentStarted{From: "2018-01-01", Until: "2018-12-31"},
			person.EmploymentEnded{From: "2018-01-01", Until: "2018-06-30"}, person.ExternalContactRegistered{ExternalOrganization: "CLB", Function: "arts"},
			person.VolunteerActivated{}, person.Shielded{Reason: "staff"})
		h.Put("person-a", "root", "o", noon.Add(time.Hour), person.EmailChanged{Email: "j@school.be", OldEmail: "jan@school.be"})
		h.Put("person-b", "root", "o", noon, person.Registered{OrganizationID: "o", Surname: "Aerts", NameOrder: typed.PrefixFirst},
			person.EmploymentStarted{From: "2019-01-01"}, person.EmploymentEnded{From: "2019-01-01", Until: "2026-03-13"}, person.EmploymentContinued{From: "2019-01-01"},
			person.EmploymentEnded{From: "2019-01-01", Until: "2026-03-13"},
			person.ExternalContactRegistered{ExternalOrganization: "CLB"}, person.ExternalContactEnded{OldExternalOrganization: "CLB"}, person.VolunteerActivated{}, person.VolunteerDeactivated{},
			person.Shielded{Reason: "x"}, person.Unshielded{})
		h.Put("person-c", "root", "o", noon, person.Registered{OrganizationID: "o", Surname: "Zoon", NameOrder: typed.PrefixFirst},
			person.EmploymentStarted{From: "2027-01-01"}, person.NameChanged{Surname: "Maes", NameOrder: typed.PrefixFirst, OldSurname: "Zoon"},
			person.PhoneChanged{Phone: "03 1"}, person.BirthDateChanged{BirthDate: "1990-01-01"})
		h.Put("person-d", "root", "p", noon, person.Registered{OrganizationID: "p", Surname: "Elders", NameOrder: typed.PrefixLast},
			person.EmploymentStarted{From: "2020-01-01"}, person.EmploymentWithdrawn{OldFrom: "2020-01-01", Reason: "slip"})
		h.Build()
		got, err := personlist.Model.Get(t.Context(), h.DB, "a")
		if err != nil {
			t.Fatal(err)
		}
		want := personlist.Item{OrganizationName: "School", TimeZone: "Europe/Brussels", Row: personlist.Row{
			ID: "a", OrganizationID: "o", Name: "Jan van der Berg", GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", ListedName: "Van der Berg, Jan",
			SortName: typed.SortKey("Van der Berg, Jan"), Search: typed.Searched("Jan van der Berg"), Email: "j@school.be", Phone: "03 234 56 78", PhoneNumber: "+3232345678",
			BirthDate: "1985-07-30", Internal: true, Employments: []string{"2018-01-01/2018-06-30", "2020-01-01/2026-03-14"}, EmployedFrom: "2020-01-01", EmployedUntil: "2026-03-14",
			Contact: true, ExternalOrganization: "CLB", Function: "arts", Volunteer: true, CreatedAt: noon, ChangedAt: noon.Add(time.Hour), Revision: 7,
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		ask := func(q listing.Question) string {
			t.Helper()
			if q.Now.IsZero() {
				q.Now = noon
			}
			page, err := personlist.Model.Page(t.Context(), h.DB, q)
			if err != nil {
				t.Fatal(err)
			}
			found := ""
			for _, item := range page.Items {
				if shown := item.EmployeeAt(q.Now); q.Fits["employee"] != "" && shown != (q.Fits["employee"] == "true") {
					t.Errorf("%s is found by employee %s, and says %t", item.ID, q.Fits["employee"], shown)
				}
				found += item.ID + " "
			}
			return found
		}
		brussels := organization.ZoneNamed("Europe/Brussels")
		for _, c := range []struct {
			q    listing.Question
			want string
		}{
			{listing.Question{Organization: "o"}, "b c a "}, // Aerts, Maes, Van der Berg
			{listing.Question{Fits: listing.Fits{"employee": "true"}}, "c a "},
			{listing.Question{Fits: listing.Fits{"employee": "false"}}, "b d "},
			{listing.Question{Fits: listing.Fits{"employee": "true"}, Now: noon.Add(11*time.Hour - time.Second), Zone: brussels}, "c a "}, // the last second of the last day
			{listing.Question{Fits: listing.Fits{"employee": "true"}, Now: noon.Add(11 * time.Hour), Zone: brussels}, "c "},
			{listing.Question{Fits: listing.Fits{"contact": "true"}}, "a "},
			{listing.Question{Fits: listing.Fits{"volunteer": "true"}}, "a "},
			{listing.Question{Fits: listing.Fits{"internalEmployee": "true"}}, "a "},
			{listing.Question{Query: listing.Query{Search: "berg"}}, "a "},
			{listing.Question{Query: listing.Query{Search: "zoon"}}, ""},
			{listing.Question{Account: "x"}, ""},
		} {
			if found := ask(c.q); found != c.want {
				t.Errorf("%+v: got %q, want %q", c.q, found, c.want)
			}
		}
	})
}
