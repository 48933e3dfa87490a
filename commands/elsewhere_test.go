package commands_test

import (
	"sync/atomic"
	"testing"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/organizations"
	"sleutelbos/domain/account"
	"sleutelbos/eventstore"
)

// TestF49_ADomainBindsEveryOrganization: a name in the domain of another is refused whatever the
// rule of the organization, the role of the account and the spelling are, and whether there is such
// an account or not.
func TestF49_ADomainBindsEveryOrganization(t *testing.T) {
	h := newHouse(t)
	theirs := h.organization(1, "nen", "other.nl", "xn--mnchen-3ya.de")
	ceo := create(2, theirs)
	ceo.Username = "ceo@other.nl"
	ok(h, h.platform(), ceo)
	const code = "username-domain-elsewhere"
	for n, preset := range []string{"klic", "officeheart", "regicare", "informat", "own"} {
		n = 10 * (n + 1)
		mine := h.organization(n, preset)
		admin := h.account(n+1, mine, "admin")
		h.account(n+2, mine, "user")
		for _, username := range []string{"ceo@other.nl", "nobody@other.nl", "CEO@Other.NL", "info@xn--mnchen-3ya.de"} {
			in := create(n+3, mine)
			in.Username = username
			for _, in.Role = range []account.Role{"user", "admin", "service"} {
				refused(h, admin, in, code)
				refused(h, admin, in, code, dry)
			}
			refused(h, h.platform(), in, code)
			refused(h, admin, accounts.ChangeUsername{AccountID: id(n + 2), Username: username}, code)
			refused(h, admin, accounts.ChangeUsername{AccountID: id(n + 2), Username: username}, code, dry)
		}
		own := create(n+3, mine)
		own.Username = "ceo@" + preset + ".other.nl" // in a domain of its own, and in nobody's
		ok(h, admin, own)
	}
	klic := h.who(11)
	for _, username := range []string{"ceo@other.nl.", "info@MÜNCHEN.de", "sales ceo@other.nl"} { // what only an organization without a rule takes
		refused(h, klic, accounts.ChangeUsername{AccountID: id(12), Username: username}, code)
	}
	nen := h.organization(90, "nen", "mine.nl")
	in := create(91, nen)
	for _, in.Username = range []string{"ceo@other.nl", "nobody@other.nl", "ceo@free.nl"} {
		refused(h, h.platform(), in, "username-domain-not-allowed") // by its own rule, whosever the domain is
	}
}

// TestF49_TheSameWorkForTakenAndFree: before such a name is refused, nobody looks whether it is taken.
func TestF49_TheSameWorkForTakenAndFree(t *testing.T) {
	h := newHouse(t)
	ceo := create(2, h.organization(1, "nen", "other.nl"))
	ceo.Username = "ceo@other.nl"
	ok(h, h.platform(), ceo)
	admin := h.account(11, h.organization(10, "klic"), "admin")
	reads := func(username string) int64 {
		var n atomic.Int64
		count := func(string) { n.Add(1) }
		h.store.reading.Store(&count)
		defer h.store.reading.Store(nil)
		in := create(12, admin.Organization)
		in.Username = username
		refused(h, admin, in, "username-domain-elsewhere")
		return n.Load()
	}
	reads("anybody@other.nl") // the first refusal of a minute is recorded in full
	same(t, reads("ceo@other.nl"), reads("nobody@other.nl"))
}

// TestF49_NamesBeforeTheClaim stay: those that were there, and those whose making was under way.
// Everything that begins after the claim is refused, in another process too.
func TestF49_NamesBeforeTheClaim(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		theirs, mine := h.organization(1, "nen"), h.organization(2, "klic")
		admin := h.account(3, mine, "admin")
		before, under, after := create(4, mine), create(5, mine), create(6, mine)
		before.Username, under.Username, after.Username = "before@other.nl", "under@other.nl", "after@other.nl"
		ok(h, admin, before)
		second := h.service()
		defer func() { must(t, second.Close()) }()
		claimed := false
		h.store.breaks(func(stream string, _ []eventstore.Event) error {
			if stream == "account-"+id(5) && !claimed {
				claimed = true
				ok(h, h.platform(), organizations.AllowDomain{OrganizationID: theirs, Domain: "other.nl"})
			}
			return nil
		})
		ok(h, admin, under)
		h.store.mend()
		same(t, claimed, true)
		for _, s := range []*house{h, {t: t, Service: second}} {
			refused(s, admin, after, "username-domain-elsewhere")
			refused(s, admin, accounts.ChangeUsername{AccountID: id(3), Username: "after@other.nl"}, "username-domain-elsewhere")
		}
		ok(h, admin, accounts.ChangeUsername{AccountID: id(4), Username: "Before@other.nl"}) // another spelling of the same name
		ok(h, admin, accounts.ChangeUsername{AccountID: id(5), Username: "under@free.nl"})
		refused(h, admin, accounts.ChangeUsername{AccountID: id(5), Username: "under@other.nl"}, "username-domain-elsewhere")
		ceo := create(7, theirs)
		ceo.Username = "under@other.nl"
		ok(h, h.platform(), ceo)
		ok(h, h.platform(), organizations.WithdrawDomain{OrganizationID: theirs, Domain: "other.nl"})
		ok(h, admin, after)
	})
}
