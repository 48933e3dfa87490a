package commands_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/reactors"
	"sleutelbos/domain/license"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
)

// TestValue16_CompanyWide needs no request (N-11). The provider allows it, the administrator ticks it
// (N-20), and once it is unticked only future requests change (N-21): whoever had access keeps it
// (AMB-N6).
func TestValue16_CompanyWide(t *testing.T) {
	h := newHouse(t)
	stranger := h.account(9, h.organization(8, "klic"), "admin")
	org := h.organization(1, "nen", "example.nl")
	admin, ann := h.account(2, org, "admin"), h.account(3, org, "user")
	h.account(4, org, "user")
	ok(h, admin, accounts.CloseAccount{AccountID: id(4), Reason: "weg"})
	wide := h.license(20, org)
	enable, disable := licenses.EnableCompanyWide{LicenseID: wide}, licenses.DisableCompanyWide{LicenseID: wide}
	refused(h, admin, licenses.RegisterLicense{OrganizationID: org, Name: "Everybody's", CompanyWide: true}, "company-wide-not-approved")
	refused(h, admin, licenses.ApproveCompanyWide{LicenseID: wide}, "no-right")
	refused(h, admin, enable, "company-wide-not-approved")
	ok(h, h.platform(), licenses.ApproveCompanyWide{LicenseID: wide})
	refused(h, ann, enable, "no-right")
	refused(h, stranger, enable, "license-not-found")
	ok(h, admin, enable)
	refused(h, ann, licenses.RequestLicense{AccountID: id(3), LicenseID: wide}, "license-company-wide")
	refused(h, admin, licenses.GrantLicense{LicenseID: wide, AccountID: id(3)}, "license-company-wide")

	at := h.head()
	ok(h, admin, disable)
	h.react(at)
	same(t, h.events("license-"+wide), []string{
		"license.registered.v1", "license.company_wide_approved.v1", "license.company_wide_enabled.v1", "license.granted.v1", "license.granted.v1", "license.company_wide_disabled.v1",
	})
	same(t, granted(h, wide), []string{id(2), id(3)})
	same(t, len(h.post.take()), 0) // nothing changed for anybody
	refused(h, ann, licenses.RequestLicense{AccountID: id(3), LicenseID: wide}, "license-held")
	bob := h.account(5, org, "user")
	request := result[licenses.RequestMade](h, bob, licenses.RequestLicense{AccountID: id(5), LicenseID: wide}).RequestID
	ok(h, admin, licenses.ApproveLicense{RequestID: request})
	ok(h, admin, enable)
}

// TestCompanyWideEndsOnce gives the license to whoever the read models did not know yet, after a crash
// too, and to nobody who came later or lost it since.
func TestCompanyWideEndsOnce(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "nen", "example.nl")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	h.account(4, org, "user")
	wide := h.license(20, org)
	ok(h, h.platform(), licenses.ApproveCompanyWide{LicenseID: wide})
	ok(h, admin, licenses.EnableCompanyWide{LicenseID: wide})
	at := h.head()
	h.behind.Store(true)
	ok(h, admin, licenses.DisableCompanyWide{LicenseID: wide})
	h.behind.Store(false)
	same(t, granted(h, wide), []string{id(2)})
	h.advance(time.Second)
	h.account(5, org, "user")
	h.store.breaks(func(stream string, _ []eventstore.Event) error {
		if strings.HasPrefix(stream, "license-") {
			return errors.New("the process is gone")
		}
		return nil
	})
	if err := tryReact(h, "licenses", at); err == nil {
		t.Error("the reactor does not say that it failed")
	}
	same(t, granted(h, wide), []string{id(2)})
	h.restart()
	h.react(at)
	same(t, granted(h, wide), []string{id(2), id(3), id(4)})
	ok(h, admin, licenses.RevokeLicense{LicenseID: wide, AccountID: id(3), Reason: "ander team"})
	h.react(at) // as after a crash before the checkpoint
	same(t, granted(h, wide), []string{id(2), id(3), id(4)})
}

// granted returns to whom a license was granted, in the order of their ids.
func granted(h *house, licenseID string) (accountIDs []string) {
	h.t.Helper()
	events, _ := h.opened("license-" + licenseID)
	for _, event := range events {
		if e, ok := event.(license.Granted); ok {
			accountIDs = append(accountIDs, e.AccountID)
		}
	}
	slices.Sort(accountIDs)
	return accountIDs
}

// tryReact runs one reactor once over what it has not had yet.
func tryReact(h *house, name string, from eventstore.Position) (err error) {
	h.t.Helper()
	reactor := h.Reactors[slices.IndexFunc(h.Reactors, func(r reactors.Reactor) bool { return r.Name == name })]
	for rec, readErr := range h.log.Store().ReadAll(h.t.Context(), from, eventstore.Forwards, eventstore.Filter{Types: reactor.Types}) {
		must(h.t, readErr)
		event, record, decodeErr := h.journal.Registry.Decode(h.t.Context(), h.vault, rec)
		must(h.t, decodeErr)
		err = errors.Join(err, reactor.Handle(h.t.Context(), event, record))
	}
	return err
}

// TestValue17_Hidden licenses cannot be requested (N-22), but a standard in one can (N-23): then the
// administrators are asked to give the user the license.
func TestValue17_Hidden(t *testing.T) {
	h := newHouse(t)
	stranger := h.account(9, h.organization(8, "klic"), "admin")
	org := h.organization(1, "nen", "example.nl")
	admin, ann := h.account(2, org, "admin"), h.account(3, org, "user")
	norms := h.license(20, org)
	ask, hide := licenses.RequestLicense{AccountID: id(3), LicenseID: norms}, licenses.HideFromSelection{LicenseID: norms}
	refused(h, ann, hide, "no-right")
	refused(h, stranger, hide, "license-not-found")
	ok(h, admin, hide)
	refused(h, ann, ask, "license-hidden")

	refused(h, ann, licenses.AddStandard{LicenseID: norms, Standard: "NEN 7510"}, "no-right")
	ok(h, admin, licenses.AddStandard{LicenseID: norms, Standard: "NEN 7510"})
	ok(h, admin, licenses.AddStandard{LicenseID: norms, Standard: "NEN 7512"})
	standard := licenses.RequestStandard{AccountID: id(3), LicenseID: norms, Standard: "nen 7510", Reason: "voor de audit"}
	refused(h, stranger, standard, "account-not-found")
	refused(h, ann, licenses.RequestStandard{AccountID: id(3), LicenseID: norms, Standard: "NEN 9999"}, "standard-not-found")
	at := h.react(eventstore.Position{})
	h.post.take()
	request := result[licenses.RequestMade](h, ann, standard).RequestID
	refused(h, ann, licenses.RequestStandard{AccountID: id(3), LicenseID: norms, Standard: "NEN 7512"}, "request-open")
	at = h.react(at)
	mails := h.post.take()
	same(t, mails, []reactors.Mail{{
		MessageID: mails[0].MessageID, To: username(2), Template: message.TemplateStandardRequest, Language: "nl", Organization: "Organization 1",
		Name: "Person 3", Username: username(3), Link: "https://accounts.example.nl/requests/" + request, License: "NEN 7510", Standard: "NEN 7510", Reason: "voor de audit",
		Text: mailtemplate.BuiltIn(message.TemplateStandardRequest, "nl"),
	}})
	ok(h, admin, licenses.ApproveLicense{RequestID: request})
	same(t, granted(h, norms), []string{id(3)})
	h.react(at)
	same(t, h.post.take()[0].Template, message.TemplateLicenseApproved)
	refused(h, ann, standard, "license-held")
	ok(h, admin, licenses.RevokeLicense{LicenseID: norms, AccountID: id(3), Reason: "weg"})
	ok(h, admin, licenses.ShowInSelection{LicenseID: norms})
	ok(h, ann, ask)
}
