package commands_test

import (
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/domain/account"
	"sleutelbos/domain/organization"
)

// TestTheFirstPasswordIsGivenAsThePolicySays: another way is refused, and not only left out of the form.
func TestTheFirstPasswordIsGivenAsThePolicySays(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	h.policy(org, organization.PolicyFirstChannels, "mail_link")
	for n, channel := range account.OfferedChannels() {
		in := accounts.CreateAccount{
			AccountID: id(10 + n), OrganizationID: org, Username: username(10 + n), Name: "Person", Role: account.RoleUser,
			Channel: accounts.OfferedChannel(channel),
		}
		if channel == account.ChannelAdminPassword {
			in.Password = goodPassword
		}
		if channel == account.ChannelMailLink {
			ok(h, h.platform(), in)
			h.policy(org, organization.PolicyFirstChannels, "admin_password")
			ok(h, h.platform(), in) // a retry of what was done is harmless
			h.policy(org, organization.PolicyFirstChannels, "mail_link")
			continue
		}
		refused(h, h.platform(), in, "first-channel-refused")
	}
	ok(h, h.platform(), accounts.CreateAccount{AccountID: id(20), OrganizationID: org, Username: username(20), Name: "Robot", Role: account.RoleService, Channel: "admin_password"})
}

// TestWithoutLicensesNobodyGetsOne: neither by hand nor by asking. What is held stays as it is, and can
// be taken away.
func TestWithoutLicensesNobodyGetsOne(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	holder := h.account(2, org, "user")
	license := func(name string) string {
		return result[licenses.LicenseMade](h, h.platform(), licenses.RegisterLicense{OrganizationID: org, Name: name, ShownInSelection: true}).LicenseID
	}
	held, wanted := license("Held"), license("Wanted")
	ok(h, h.platform(), licenses.GrantLicense{LicenseID: held, AccountID: holder.AccountID})
	asked := result[licenses.RequestMade](h, holder, licenses.RequestLicense{AccountID: holder.AccountID, LicenseID: wanted}).RequestID
	h.policy(org, "licenses", "false")
	refused(h, h.platform(), licenses.RegisterLicense{OrganizationID: org, Name: "Another"}, "no-licenses")
	refused(h, h.platform(), licenses.GrantLicense{LicenseID: wanted, AccountID: holder.AccountID}, "no-licenses")
	refused(h, h.platform(), licenses.ApproveLicense{RequestID: asked}, "no-licenses")
	ok(h, h.platform(), licenses.RejectLicense{RequestID: asked})
	refused(h, holder, licenses.RequestLicense{AccountID: holder.AccountID, LicenseID: wanted}, "no-licenses")
	revoke := licenses.RevokeLicense{LicenseID: held, AccountID: holder.AccountID, Reason: "Not any more"}
	ok(h, h.platform(), revoke)
	h.policy(org, "licenses", "true")
	ok(h, h.platform(), licenses.GrantLicense{LicenseID: held, AccountID: holder.AccountID})
}

// TestOnlyWhoManagesOrganizationsSetsAPolicy refuses an administrator of the organization.
func TestOnlyWhoManagesOrganizationsSetsAPolicy(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	refused(h, h.account(2, org, "admin"), organizations.SetPolicy{OrganizationID: org, Policy: "regions", Value: "true"}, "no-right")
	refused(h, h.platform(), organizations.SetPolicy{OrganizationID: org, Policy: "nothing", Value: "true"}, "policy-invalid")
}
