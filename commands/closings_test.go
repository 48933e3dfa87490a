package commands_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/reactors"
	"sleutelbos/commands/regions"
	"sleutelbos/domain/account"
	"sleutelbos/domain/license"
	"sleutelbos/domain/licenserequest"
	"sleutelbos/domain/region"
	"sleutelbos/eventstore"
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
	wide := result[licenses.LicenseMade](h, h.platform(), licenses.RegisterLicense{OrganizationID: org, Name: "Everybody's", CompanyWide: true}).LicenseID
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

// TestF35_AClosedAccountAsksForNothingAndIsNowhere withdraws its open requests and takes it out of its
// regions, also where that was asked for in that moment.
func TestF35_AClosedAccountAsksForNothingAndIsNowhere(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin, user := h.account(2, org, "admin"), h.account(3, org, "user")
	h.account(4, org, "user")
	first, second, third := h.license(20, org), h.license(21, org), h.license(22, org)
	ok(h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: third})
	open := result[licenses.RequestMade](h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: first}).RequestID
	decided := result[licenses.RequestMade](h, user, licenses.RequestLicense{AccountID: id(3), LicenseID: second}).RequestID
	ok(h, admin, licenses.RejectLicense{RequestID: decided})
	north := result[regions.RegionMade](h, admin, regions.CreateRegion{OrganizationID: org, Name: "Noord"}).RegionID
	gone := result[regions.RegionMade](h, admin, regions.CreateRegion{OrganizationID: org, Name: "Oud"}).RegionID
	for _, region := range []string{north, gone} {
		ok(h, admin, regions.AssignUsersToRegion{RegionID: region, AccountIDs: []string{id(3), id(4)}})
	}
	ok(h, admin, regions.ArchiveRegion{RegionID: gone})
	at := h.head()
	ok(h, admin, accounts.CloseAccount{AccountID: id(3), Reason: "uit dienst"})
	h.react(at)
	h.react(at)
	same(t, h.events("licenserequest-"+open), []string{"licenserequest.requested.v1", "licenserequest.withdrawn.v1"})
	same(t, h.count("licenserequest.withdrawn."), 2)
	same(t, h.count("region.user_removed."), 1)
	_, closing := h.opened("account-" + id(3))
	_, envelopes := h.opened("region-" + north)
	last := envelopes[len(envelopes)-1]
	same(t, last.Actor.Kind+" "+last.Actor.ID, "system closings")
	same(t, last.CorrelationID, closing[len(closing)-1].CorrelationID)
	same(t, last.CausationID != "", true)

	at = h.head()
	h.append("region-"+north, region.UserAssigned{AccountID: id(3), Region: "Noord"})
	h.append("licenserequest-"+id(30), licenserequest.Requested{AccountID: id(3), OrganizationID: org, LicenseID: second, Reservation: "openrequest-x"})
	h.react(at)
	same(t, h.count("region.user_removed."), 2)
	same(t, h.count("licenserequest.withdrawn."), 3)
}

// TestF35_WhatEarlierReleasesLeftIsTaken with the closing as its cause: the reactor that takes it begins at
// the beginning of the log, and goes on from its checkpoint in the next process.
func TestF35_WhatEarlierReleasesLeftIsTaken(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	h.account(4, org, "user")
	l := h.license(20, org)
	for _, n := range []int{3, 4} {
		ok(h, admin, licenses.GrantLicense{LicenseID: l, AccountID: id(n)})
	}
	north := result[regions.RegionMade](h, admin, regions.CreateRegion{OrganizationID: org, Name: "Noord"}).RegionID
	ok(h, admin, regions.AssignUsersToRegion{RegionID: north, AccountIDs: []string{id(3), id(4)}})
	ok(h, admin, accounts.CloseAccount{AccountID: id(3), Reason: "uit dienst"}) // and no reactor sees it
	i := slices.IndexFunc(h.Reactors, func(r reactors.Reactor) bool { return r.FromStart })
	same(t, h.Reactors[i].Types, []string{"account.closed.v1"})
	h.react(eventstore.Position{})
	same(t, h.count("license.revoked."), 1)
	same(t, h.count("region.user_removed."), 1)
	_, closing := h.opened("account-" + id(3))
	_, envelopes := h.opened("license-" + l)
	same(t, envelopes[len(envelopes)-1].CorrelationID, closing[len(closing)-1].CorrelationID)
}

// inLog finds in the log what accounts have, and who is in an organization, as read models do.
type inLog struct{ h *house }

func (l inLog) Of(ctx context.Context, accountID string, _ eventstore.Position) (reactors.Belonging, error) {
	return l.all(ctx)[accountID], nil
}

// Members implements licenses.Members.
func (l inLog) Members(ctx context.Context, organizationID string, q licenses.MembersAsked) (members []string, err error) {
	for entry, err := range l.h.log.Store().ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		must(l.h.t, err)
		event, rec, err := l.h.journal.Registry.DecodeSealed(entry)
		must(l.h.t, err)
		switch e := event.(type) {
		case account.Created:
			if e.OrganizationID == organizationID && rec.AggregateID() > q.After && !rec.Envelope.OccurredAt.After(q.CreatedBy) && l.in(ctx, rec, q.Domain) {
				members = append(members, rec.AggregateID())
			}
		case account.Closed:
			members = slices.DeleteFunc(members, func(id string) bool { return id == rec.AggregateID() })
		}
	}
	slices.Sort(members)
	if l.h.behind.Load() {
		q.Limit = 1
	}
	return members[:min(len(members), q.Limit)], nil
}

// in says whether the username with which an account was created is in a domain; empty for any.
func (l inLog) in(ctx context.Context, created eventstore.Record, domain string) bool {
	event, _, err := l.h.journal.Registry.Decode(ctx, l.h.vault, created.Recorded)
	must(l.h.t, err)
	return domain == "" || strings.HasSuffix(event.(account.Created).Username, "@"+domain)
}

func (l inLog) all(ctx context.Context) map[string]reactors.Belonging {
	all, asked := map[string]reactors.Belonging{}, map[string]string{}
	change := func(id string, change func(b *reactors.Belonging)) {
		b := all[id]
		change(&b)
		all[id] = b
	}
	for entry, err := range l.h.log.Store().ReadAll(ctx, eventstore.Position{}, eventstore.Forwards, eventstore.Filter{}) {
		must(l.h.t, err)
		event, rec, err := l.h.journal.Registry.DecodeSealed(entry)
		must(l.h.t, err)
		of := rec.AggregateID()
		without := func(list []string) []string {
			return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return id == of })
		}
		switch e := event.(type) {
		case license.Granted:
			change(e.AccountID, func(b *reactors.Belonging) { b.Licenses = append(b.Licenses, of) })
		case license.Revoked:
			change(e.AccountID, func(b *reactors.Belonging) { b.Licenses = without(b.Licenses) })
		case licenserequest.Requested:
			asked[of] = e.AccountID
			change(e.AccountID, func(b *reactors.Belonging) { b.Requests = append(b.Requests, of) })
		case licenserequest.Withdrawn, licenserequest.Approved, licenserequest.Rejected:
			change(asked[of], func(b *reactors.Belonging) { b.Requests = without(b.Requests) })
		case region.UserAssigned:
			change(e.AccountID, func(b *reactors.Belonging) { b.Regions = append(b.Regions, of) })
		case region.UserRemoved:
			change(e.AccountID, func(b *reactors.Belonging) { b.Regions = without(b.Regions) })
		}
	}
	return all
}
