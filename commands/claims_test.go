package commands_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/organizations"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/catalog"
)

// TestEveryClaimIsLookedAfter ranges over every event that names a claim: the repairs must know
// of each whether it begins or ends its use.
func TestEveryClaimIsLookedAfter(t *testing.T) {
	h := newHouse(t)
	var missing, found []string
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			changes := h.Engine.ClaimChangesBy(reflect.Zero(e.Type).Interface())
			for _, member := range catalog.Members(e.Type) {
				if !strings.HasSuffix(member, "reservation") {
					continue
				}
				found = append(found, e.Name+" "+member)
				old := strings.HasPrefix(member, "old_")
				if !slices.ContainsFunc(changes, func(c engine.ClaimChange) bool { return !old || !c.Begins }) {
					missing = append(missing, e.Name+" "+member)
				}
			}
		}
	}
	if len(found) < 6 {
		t.Errorf("found %v only", found)
	}
	if len(missing) > 0 {
		t.Errorf("nobody looks after the claims of %v", missing)
	}
}

// TestCrashBeforeARelease loses every release of a claim that a command no longer needs; the
// repairs release it later.
func TestCrashBeforeARelease(t *testing.T) {
	h := newHouse(t)
	org, other := h.organization(1, "nen", "claimed.nl"), h.organization(9, "klic")
	h.account(2, other, "user")
	h.account(3, other, "user")
	second, third := create(2, other), create(3, other)
	h.store.breaks(func(_ string, events []eventstore.Event) error {
		if strings.HasPrefix(events[0].Type, "reservation.released.") {
			return errors.New("the process is gone")
		}
		return nil
	})
	ok(h, h.platform(), accounts.ChangeUsername{AccountID: id(2), Username: "another name"})
	ok(h, h.platform(), accounts.CloseAccount{AccountID: id(3), Reason: "left"})
	ok(h, h.platform(), organizations.WithdrawDomain{OrganizationID: org, Domain: "claimed.nl"})
	h.restart()
	second.AccountID, third.AccountID = id(4), id(5)
	allow := organizations.AllowDomain{OrganizationID: other, Domain: "claimed.nl"}
	refused(h, h.platform(), second, "username-taken")
	refused(h, h.platform(), third, "username-taken")
	refused(h, h.platform(), allow, "domain-taken")
	h.advance(time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	for _, command := range []any{second, third, allow} {
		ok(h, h.platform(), command)
	}
}
