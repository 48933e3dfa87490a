package commands_test

import (
	"sync/atomic"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/commands/regions"
	"sleutelbos/commands/rights"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

// beforeAppending runs something in another process, once, right before an event of a type is appended.
func (h *house) beforeAppending(typ string, what func(other runner)) {
	second := h.service()
	h.t.Cleanup(func() { must(h.t, second.Close()) })
	once := atomic.Bool{}
	h.store.breaks(func(_ string, events []eventstore.Event) error {
		if events[0].Type == typ && once.CompareAndSwap(false, true) {
			what(func(body any) error {
				_, err := second.Run(h.t.Context(), engine.Request{Actor: h.platform()}, body)
				return err
			})
		}
		return nil
	})
}

type runner func(body any) error

// TestF5_RenamedBackWhileTheNameIsReleased: the name stays the account's own, and nobody else gets
// it.
func TestF5_RenamedBackWhileTheNameIsReleased(t *testing.T) {
	for _, moment := range []string{"reservation.released.v1", "account.username_changed.v1"} {
		t.Run(moment, func(t *testing.T) {
			h := openHouse(t, true)
			org := h.organization(1, "klic")
			h.account(3, org, "user")
			h.beforeAppending(moment, func(other runner) {
				must(t, other(accounts.ChangeUsername{AccountID: id(3), Username: "between@example.nl"}))
				must(t, other(accounts.ChangeUsername{AccountID: id(3), Username: username(3)}))
			})
			ok(h, h.platform(), accounts.ChangeUsername{AccountID: id(3), Username: "other@example.nl"})
			h.store.mend()
			if moment == "account.username_changed.v1" { // then the first rename was decided last
				ok(h, h.platform(), accounts.ChangeUsername{AccountID: id(3), Username: username(3)})
			}
			for range 3 {
				h.advance(2 * time.Minute)
				must(t, h.Repairs.Sweep(t.Context(), h.now()))
			}
			ok(h, rights.Stranger, signin.SignIn{Username: username(3), Password: goodPassword})
			in := create(4, org)
			in.Username = username(3)
			refused(h, h.platform(), in, "username-taken")
			in.Username = "other@example.nl"
			ok(h, h.platform(), in)
		})
	}
}

// TestF5_ADomainAllowedAgainWhileItIsReleased stays the organization's.
func TestF5_ADomainAllowedAgainWhileItIsReleased(t *testing.T) {
	h := openHouse(t, true)
	org, other := h.organization(1, "nen", "example.nl"), h.organization(9, "klic")
	h.beforeAppending("reservation.released.v1", func(run runner) {
		must(t, run(organizations.AllowDomain{OrganizationID: org, Domain: "example.nl"}))
	})
	ok(h, h.platform(), organizations.WithdrawDomain{OrganizationID: org, Domain: "example.nl"})
	h.store.mend()
	h.advance(2 * time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	refused(h, h.platform(), organizations.AllowDomain{OrganizationID: other, Domain: "example.nl"}, "domain-taken")
}

// TestF5_SweepFreesNothingThatIsAboutToBeUsed has an account claim its old name while the repairs
// look whether it is used, and lets it have the name afterwards.
func TestF5_SweepFreesNothingThatIsAboutToBeUsed(t *testing.T) {
	h := openHouse(t, true)
	org := h.organization(1, "klic")
	h.account(3, org, "user")
	h.store.breaks(func(_ string, events []eventstore.Event) error {
		if events[0].Type == "reservation.released.v1" {
			return eventstore.ErrTooLarge // it is not released when the name is left
		}
		return nil
	})
	ok(h, h.platform(), accounts.ChangeUsername{AccountID: id(3), Username: "other@example.nl"})
	h.advance(2 * time.Minute)
	h.beforeAppending("account.username_changed.v1", func(runner) { // the name is claimed, and not used yet
		must(t, h.Repairs.Sweep(t.Context(), h.now()))
	})
	ok(h, h.platform(), accounts.ChangeUsername{AccountID: id(3), Username: username(3)})
	h.store.mend()
	h.advance(2 * time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	in := create(4, org)
	in.Username = username(3)
	refused(h, h.platform(), in, "username-taken")
}

// TestF5_WhatIsSoAlreadyClaimsNothing asks for what is so already, and appends nothing.
func TestF5_WhatIsSoAlreadyClaimsNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		org, klic := h.organization(1, "nen", "claimed.nl"), h.organization(2, "klic")
		h.account(3, klic, "user")
		ok(h, h.platform(), regions.CreateRegion{OrganizationID: klic, RegionID: id(7), Name: "Noord"})
		head := h.head()
		for _, body := range []any{
			accounts.ChangeUsername{AccountID: id(3), Username: username(3)},
			organizations.AllowDomain{OrganizationID: org, Domain: "claimed.nl"},
			organizations.RegisterOrganization{OrganizationID: org, Name: "Organization 1", Preset: organization.PresetNEN, Domains: []string{"claimed.nl"}},
			regions.CreateRegion{OrganizationID: klic, RegionID: id(7), Name: "Noord"},
			regions.RenameRegion{RegionID: id(7), Name: "Noord"},
		} {
			ok(h, h.platform(), body)
		}
		same(t, h.head(), head)
	})
}
