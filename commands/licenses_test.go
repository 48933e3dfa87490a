package commands_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/eventstore"
)

func (h *house) license(n int, organization string) string {
	h.t.Helper()
	return result[licenses.LicenseMade](h, h.platform(), licenses.RegisterLicense{
		LicenseID: id(n), OrganizationID: organization, Name: "NEN 7510", ShownInSelection: true,
	}).LicenseID
}

// TestLicenseRequest holds N-12, N-15 and AMB-N12.
func TestLicenseRequest(t *testing.T) {
	h := newHouse(t)
	stranger := h.account(5, h.organization(9, "klic"), "admin")
	org := h.organization(1, "nen", "example.nl")
	admin, user, other := h.account(2, org, "admin"), h.account(3, org, "user"), h.account(4, org, "user")
	license := h.license(20, org)
	ask := licenses.RequestLicense{AccountID: id(3), LicenseID: license, Reason: "voor mijn werk"}
	refused(h, other, ask, "account-not-found")
	at := h.react(eventstore.Position{})
	h.post.take()
	request := result[licenses.RequestMade](h, user, ask).RequestID
	refused(h, user, ask, "request-open")
	h.react(at)
	mails := h.post.take()
	same(t, mails, []reactors.Mail{{
		MessageID: mails[0].MessageID, To: username(2), Template: message.TemplateLicenseRequest, Language: "nl", Organization: "Organization 1",
		Name: "Person 3", Username: username(3), Link: "https://accounts.example.nl/requests/" + request, License: "NEN 7510", Reason: "voor mijn werk",
		Text: mailtemplate.BuiltIn(message.TemplateLicenseRequest, "nl"),
	}})

	refused(h, user, licenses.ApproveLicense{RequestID: request}, "no-right")
	refused(h, stranger, licenses.ApproveLicense{RequestID: request}, "request-not-found")
	at = h.head()
	ok(h, admin, licenses.RejectLicense{RequestID: request, Reason: "niet nodig"})
	h.react(at)
	mails = h.post.take()
	same(t, mails[0].To+" "+mails[0].Reason, username(3)+" niet nodig")

	again := result[licenses.RequestMade](h, user, ask).RequestID
	refused(h, other, licenses.WithdrawLicenseRequest{RequestID: again}, "request-not-found")
	ok(h, user, licenses.WithdrawLicenseRequest{RequestID: again})
	third := result[licenses.RequestMade](h, user, ask).RequestID
	outcome, err := do(h, admin, licenses.ApproveLicense{RequestID: third})
	must(t, err)
	same(t, typesOf(outcome), []string{"licenserequest.approved.v1", "reservation.released.v1", "license.granted.v1"})
	same(t, outcome.Streams[0].Stream, "licenserequest-"+third)
	refused(h, user, ask, "license-held")
}

// TestManyDecideAtOnce holds AMB-N7.
func TestManyDecideAtOnce(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin, user := h.account(2, org, "admin"), h.account(3, org, "user")
	request := result[licenses.RequestMade](h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: h.license(20, org)}).RequestID
	other := h.service()
	defer func() { must(t, other.Close()) }()
	var mu sync.Mutex
	answers := map[string]int{}
	together(32, func(i int) {
		s := []*commands.Service{h.Service, other}[i/2%2]
		elsewhere := &house{t: t, Service: s}
		var err error
		if i%2 == 0 {
			_, err = do(elsewhere, admin, licenses.ApproveLicense{RequestID: request})
		} else {
			_, err = do(elsewhere, admin, licenses.RejectLicense{RequestID: request})
		}
		mu.Lock()
		defer mu.Unlock()
		answers[codeOf(err)]++
	})
	same(t, answers, map[string]int{"<nil>": 1, "already-decided": 31})
	same(t, len(h.events("licenserequest-"+request)), 2)
}

func TestCrashBetweenApprovalAndGrant(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	user := h.account(3, org, "user")
	ask := licenses.RequestLicense{AccountID: id(3), LicenseID: h.license(20, org)}
	request := result[licenses.RequestMade](h, user, ask).RequestID
	h.store.breaks(func(stream string, _ []eventstore.Event) error {
		if stream == "license-"+id(20) || strings.HasPrefix(stream, "openrequest-") {
			return errors.New("the process is gone")
		}
		return nil
	})
	ok(h, h.platform(), licenses.ApproveLicense{RequestID: request})
	same(t, h.count("license.granted."), 0)
	h.restart()
	refused(h, user, ask, "request-open")
	h.advance(time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	same(t, h.count("license.granted."), 1)
	same(t, h.count("reservation.claimed.")-h.count("reservation.released."), 2)
	refused(h, user, ask, "license-held")
}

// TestValue20_Domains are the affair of the provider, and of no administrator of an organization (N-8, AMB-N13).
func TestValue20_Domains(t *testing.T) {
	h := newHouse(t)
	first, second := h.organization(1, "nen", "example.nl"), h.organization(2, "nen")
	platform := h.platform()
	refused(h, platform, organizations.AllowDomain{OrganizationID: second, Domain: "EXAMPLE.nl"}, "domain-taken")
	refused(h, platform, organizations.AllowDomain{OrganizationID: second, Domain: "gmail.com"}, "domain-public")
	refused(h, platform, organizations.RegisterOrganization{Name: "Third", Preset: "nen", Domains: []string{"free.nl", "example.nl"}}, "domain-taken")
	ok(h, platform, organizations.AllowDomain{OrganizationID: second, Domain: "free.nl"})
	ok(h, platform, organizations.WithdrawDomain{OrganizationID: first, Domain: "example.nl"})
	ok(h, platform, organizations.AllowDomain{OrganizationID: second, Domain: "example.nl"})
	admin := h.account(3, second, "admin")
	refused(h, admin, organizations.AllowDomain{OrganizationID: second, Domain: "more.nl"}, "no-right")

	ok(h, platform, organizations.SetPasswordPolicy{OrganizationID: second, MinLength: 20, MinDigits: 1})
	refused(h, admin, accounts.SetPassword{AccountID: id(3), Password: goodPassword, OwnAccount: true}, "password-too-short")
	made := result[accounts.PasswordSet](h, admin, accounts.SetPassword{AccountID: id(3), GeneratePassword: true, OwnAccount: true})
	ok(h, rights.Stranger, signin.SignIn{Username: username(3), Password: made.Password})
}

// TestF35_GrantsAndRevocationsAreMailed: a holder hears of a license that nobody asked for, and of one that
// is taken back, once each, and not why: that is for the history. A decision on a request has its own mail,
// and whose account is closed hears nothing.
func TestF35_GrantsAndRevocationsAreMailed(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin, user := h.account(2, org, "admin"), h.account(3, org, "user")
	license := h.license(20, org)
	at := h.react(eventstore.Position{})
	h.post.take()
	said := func(body any) (all []string) {
		t.Helper()
		ok(h, admin, body)
		at = h.react(at)
		for _, m := range h.post.take() {
			all = append(all, strings.Join([]string{string(m.Template), m.To, m.Name, m.License, m.Reason, m.Link}, "|"))
		}
		return all
	}
	mail := func(template message.Template) []string {
		return []string{string(template) + "|" + username(3) + "|Person 3|NEN 7510||"}
	}
	same(t, said(licenses.GrantLicense{LicenseID: license, AccountID: id(3)}), mail(message.TemplateLicenseGranted))
	same(t, said(licenses.GrantLicense{LicenseID: license, AccountID: id(3)}), []string(nil))
	same(t, said(licenses.RevokeLicense{LicenseID: license, AccountID: id(3), Reason: "gaat weg"}), mail(message.TemplateLicenseRevoked))
	request := result[licenses.RequestMade](h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: license}).RequestID
	at = h.react(at)
	h.post.take()
	same(t, said(licenses.ApproveLicense{RequestID: request}), []string{
		string(message.TemplateLicenseApproved) + "|" + username(3) + "|Person 3|NEN 7510||https://accounts.example.nl/requests/" + request,
	})
	same(t, said(accounts.CloseAccount{AccountID: id(3), Reason: "weg"}), []string(nil))
	same(t, h.count("license.revoked."), 2)
}
