package commands_test

import (
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/licenses"
	"sleutelbos/domain/license"
)

// TestF35_ALicenseIsGivenAndTakenBack without a request, by who may.
func TestF35_ALicenseIsGivenAndTakenBack(t *testing.T) {
	h := newHouse(t)
	stranger := h.account(5, h.organization(9, "klic"), "admin")
	org := h.organization(1, "nen", "example.nl")
	admin, user := h.account(2, org, "admin"), h.account(3, org, "user")
	norms := h.license(20, org)
	grant := licenses.GrantLicense{LicenseID: norms, AccountID: id(3)}
	revoke := licenses.RevokeLicense{LicenseID: norms, AccountID: id(3), Reason: "ander team"}
	refused(h, user, grant, "no-right")
	refused(h, user, revoke, "no-right")
	refused(h, stranger, grant, "license-not-found")
	refused(h, stranger, revoke, "license-not-found")
	refused(h, admin, licenses.GrantLicense{LicenseID: norms, AccountID: id(5)}, "account-not-found")
	refused(h, admin, licenses.RevokeLicense{LicenseID: norms, AccountID: id(3)}, "reason-required")
	ok(h, admin, grant)
	ok(h, admin, grant)
	refused(h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: norms}, "license-held")
	ok(h, admin, revoke)
	ok(h, admin, revoke)
	ok(h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: norms})
	same(t, h.events("license-"+norms), []string{"license.registered.v1", "license.granted.v1", "license.revoked.v1"})
	wide := result[licenses.LicenseMade](h, admin, licenses.RegisterLicense{OrganizationID: org, Name: "Everybody's", CompanyWide: true}).LicenseID
	refused(h, admin, licenses.GrantLicense{LicenseID: wide, AccountID: id(3)}, "license-company-wide")
}

// TestF35_AClosedAccountHoldsNoLicense, neither one that it had nor one that was granted in that moment.
func TestF35_AClosedAccountHoldsNoLicense(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	h.account(4, org, "user")
	first, second := h.license(20, org), h.license(21, org)
	for _, l := range []string{first, second} {
		ok(h, admin, licenses.GrantLicense{LicenseID: l, AccountID: id(3)})
		ok(h, admin, licenses.GrantLicense{LicenseID: l, AccountID: id(4)})
	}
	ok(h, admin, licenses.RevokeLicense{LicenseID: second, AccountID: id(3), Reason: "x"})
	at := h.head()
	ok(h, admin, accounts.CloseAccount{AccountID: id(3), Reason: "uit dienst"})
	h.react(at)
	h.react(at) // what is delivered twice is done once
	events, envelopes := h.opened("license-" + first)
	same(t, events[len(events)-1], any(license.Revoked{AccountID: id(3), OrganizationID: org, Because: license.BecauseClosed}))
	same(t, envelopes[len(envelopes)-1].Actor.Kind, "system")
	same(t, h.count("license.revoked."), 2)
	refused(h, admin, licenses.GrantLicense{LicenseID: first, AccountID: id(3)}, "account-closed")

	h.append("license-"+second, license.Granted{AccountID: id(3), OrganizationID: org, Origin: license.OriginAdmin})
	h.react(at)
	same(t, h.count("license.revoked."), 3)
}
