package organizationlist_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
	"sleutelbos/domain/typed"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/organizationlist"
	"sleutelbos/projections/models/readmodeltest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestOrganizations(t *testing.T) {
	tables := func() []machinery.Projection { return []machinery.Projection{organizationlist.New()} }
	readmodeltest.OnBothEngines(t, tables, func(t *testing.T, h *readmodeltest.House) {
		policies, _ := organization.PresetNEN.Policies()
		h.Put("organization-o", "root", "o", noon,
			organization.Registered{Name: "Bureau Örde", Preset: organization.PresetNEN, Policies: policies.Basic},
			organization.DomainAllowed{Domain: "a.nl", Reservation: "r"}, organization.DomainAllowed{Domain: "b.nl", Reservation: "r"},
			organization.DomainWithdrawn{Domain: "a.nl", Reservation: "r"},
			organization.AdminAppointed{AccountID: "x"}, organization.AdminAppointed{AccountID: "y"}, organization.AdminAppointed{AccountID: "z"},
			organization.AdminStoodDown{AccountID: "y", Because: organization.BecauseStopped(account.BadgeBlocked)},
			organization.AdminStoodDown{AccountID: "z", Because: organization.BecauseStopped(account.BadgeBlocked)}, organization.AdminRestored{AccountID: "z"},
			organization.AdminDismissed{AccountID: "x"},
			organization.LetterSenderChanged{Sender: organization.Sender{Name: "Örde", Street: "Kade 1", Postcode: "1011 AB", City: "Amsterdam", PostalCountry: "NL", Phone: "020 1234567"}},
			organization.PasswordPolicyChanged{Password: organization.PasswordPolicy{MinLength: 15, MinDigits: 2}, OldPassword: policies.Password},
			organization.PolicyChanged{Policy: "regions", Value: "true", OldValue: "false"})
		for _, id := range []string{"x", "y"} {
			h.Put("account-"+id, "root", "o", noon, account.Created{
				OrganizationID: "o", Username: id + "@b.nl", Name: id, Role: account.RoleUser, Channel: account.ChannelMailLink, UsernameReservation: "u",
			})
		}
		h.Put("account-x", "root", "o", noon, account.Closed{Reason: "gone"})
		h.Build()
		got, err := organizationlist.Get(t.Context(), h.DB, "o")
		if err != nil {
			t.Fatal(err)
		}
		want := organizationlist.Row{
			ID: "o", Name: "Bureau Örde", SortName: typed.SortKey("Bureau Örde"), Search: "bureau orde oerde", Preset: "nen",
			UsernameRule: "email_in_allowed_domain", FirstChannels: []string{"mail_link"}, ActivationMonths: 1,
			PasswordMinLength: 15, PasswordMinDigits: 2, Licenses: true, Regions: true, PersonRequired: "never", SelfRegistration: true, LastAdminProtected: true,
			TimeZone: "Europe/Amsterdam", Domains: []string{"b.nl"}, Admins: []string{"y", "z"}, StoodDown: []string{"y"},
			Accounts: 1, CreatedAt: noon, ChangedAt: noon, Revision: 13,
			Sender: organizationlist.Sender{SenderName: "Örde", SenderStreet: "Kade 1", SenderPostcode: "1011 AB", SenderCity: "Amsterdam", SenderPostalCountry: "NL", SenderPhone: "020 1234567"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for text, number := range map[string]int64{"orde": 1, "ÖRDE": 1, "niets": 0} {
			page, err := organizationlist.Model.Page(t.Context(), h.DB, listing.Question{Fits: listing.Fits{"preset": "nen"}, Query: listing.Query{Search: text}})
			if err != nil || page.Total != number {
				t.Errorf("%q: %d, want %d (%v)", text, page.Total, number, err)
			}
		}
	})
}
