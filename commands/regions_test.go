package commands_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/regions"
	"sleutelbos/domain"
	"sleutelbos/domain/region"
	"sleutelbos/eventstore"
)

// TestRegions holds K-6, K-7 and K-8.
func TestRegions(t *testing.T) {
	h := newHouse(t)
	org, elsewhere := h.organization(1, "klic"), h.organization(9, "klic")
	admin, user, compliance := h.account(2, org, "admin"), h.account(3, org, "user"), h.account(4, org, "compliance")
	other := h.account(5, elsewhere, "admin")
	create := regions.CreateRegion{OrganizationID: org, Name: " Delfland "}
	refused(h, user, create, "no-right")
	refused(h, compliance, create, "no-right")
	refused(h, other, create, "organization-not-found")
	refused(h, admin, regions.CreateRegion{OrganizationID: org, Name: "  "}, "name-required")
	without := h.organization(10, "officeheart")
	refused(h, h.account(11, without, "admin"), regions.CreateRegion{OrganizationID: without, Name: "Delfland"}, "no-regions")
	refused(h, h.platform(), regions.CreateRegion{OrganizationID: without, Name: "Delfland"}, "no-regions")
	made := result[regions.RegionMade](h, admin, create).RegionID
	refused(h, admin, regions.CreateRegion{OrganizationID: org, Name: "DELFLAND"}, "region-name-taken")
	result[regions.RegionMade](h, other, regions.CreateRegion{OrganizationID: elsewhere, Name: "Delfland"})
	for _, command := range []any{
		regions.RenameRegion{RegionID: made, Name: "Mijn"}, regions.ArchiveRegion{RegionID: made},
		regions.AssignUsersToRegion{RegionID: made, AccountIDs: []string{id(5)}}, regions.RemoveUserFromRegion{RegionID: made, AccountID: id(3)},
	} {
		refused(h, other, command, "region-not-found")
		refused(h, user, command, "no-right")
	}

	t.Run("assigns several accounts in one append, and names those that it can't", func(t *testing.T) {
		assign := func(ids ...string) regions.AssignUsersToRegion {
			return regions.AssignUsersToRegion{RegionID: made, AccountIDs: ids}
		}
		h.account(6, org, "user")
		ok(h, admin, accounts.CloseAccount{AccountID: id(6), Reason: "weg"})
		_, err := do(h, admin, assign(id(2), id(5), id(6)))
		same(t, fieldsOf(err), []string{"account_ids/1 account-not-found", "account_ids/2 account-closed"})
		refused(h, admin, assign(), "account-ids-required")
		outcome, err := do(h, admin, assign(id(2), id(3)), dry)
		must(t, err)
		same(t, typesOf(outcome), []string{"region.user_assigned.v1", "region.user_assigned.v1"})
		same(t, h.events("region-"+made), []string{"region.created.v1"})
		appends := 0
		h.store.breaks(func(stream string, _ []eventstore.Event) error {
			if stream == "region-"+made {
				appends++
			}
			return nil
		})
		ok(h, admin, assign(id(2), id(3)))
		h.store.mend()
		same(t, appends, 1)
		outcome, err = do(h, admin, assign(id(3), id(4)))
		must(t, err)
		same(t, typesOf(outcome), []string{"region.user_assigned.v1"})
		events, envelopes := h.opened("region-" + made)
		same(t, events[len(events)-1], any(region.UserAssigned{AccountID: id(4), Region: "Delfland"}))
		same(t, envelopes[0].Organization, org)
	})
	t.Run("removes, and nothing of who is not there", func(t *testing.T) {
		remove := regions.RemoveUserFromRegion{RegionID: made, AccountID: id(4)}
		outcome, err := do(h, admin, remove)
		must(t, err)
		same(t, typesOf(outcome), []string{"region.user_removed.v1"})
		outcome, err = do(h, admin, remove)
		must(t, err)
		same(t, typesOf(outcome), []string{})
	})
	t.Run("frees the name that it loses", func(t *testing.T) {
		ok(h, admin, regions.RenameRegion{RegionID: made, Name: "delfland"}) // its own, written otherwise
		second := result[regions.RegionMade](h, admin, regions.CreateRegion{OrganizationID: org, Name: "Schieland"}).RegionID
		refused(h, admin, regions.RenameRegion{RegionID: made, Name: "schieland"}, "region-name-taken")
		ok(h, admin, regions.RenameRegion{RegionID: made, Name: "Rijnland"})
		ok(h, admin, regions.RenameRegion{RegionID: second, Name: "Delfland"})
		ok(h, admin, regions.ArchiveRegion{RegionID: second})
		refused(h, admin, regions.RenameRegion{RegionID: second, Name: "Anders"}, "region-archived")
		refused(h, admin, regions.AssignUsersToRegion{RegionID: second, AccountIDs: []string{id(3)}}, "region-archived")
		ok(h, admin, regions.CreateRegion{OrganizationID: org, Name: "Delfland"})
	})
}

func TestSameRegionAtOnce(t *testing.T) { eachStore(t, sameRegionAtOnce) }

func sameRegionAtOnce(t *testing.T, h *house) {
	t.Helper()
	create := regions.CreateRegion{OrganizationID: h.organization(1, "klic"), Name: "Delfland"}
	platform, other := h.platform(), h.service() // another process
	defer func() { must(t, other.Close()) }()
	const clients = 20
	var mu sync.Mutex
	answers := map[string]int{}
	claimed := h.count("reservation.claimed.") - h.count("reservation.released.")
	together(clients, func(i int) {
		s := []*commands.Service{h.Service, other}[i%2]
		_, err := s.Run(t.Context(), engine.Request{Actor: platform}, create)
		mu.Lock()
		defer mu.Unlock()
		answers[codeOf(err)]++
	})
	same(t, answers, map[string]int{"<nil>": 1, "region-name-taken": clients - 1})
	same(t, h.count("region.created."), 1)
	same(t, h.count("reservation.claimed.")-h.count("reservation.released."), claimed+1)
}

// TestCrashWhileARegionIsRenamed leaves the claim of the old name, which the repairs release.
func TestCrashWhileARegionIsRenamed(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "klic")
	made := result[regions.RegionMade](h, h.platform(), regions.CreateRegion{OrganizationID: org, Name: "Delfland"}).RegionID
	for _, command := range []any{regions.RenameRegion{RegionID: made, Name: "Schieland"}, regions.ArchiveRegion{RegionID: made}} {
		h.store.breaks(func(stream string, events []eventstore.Event) error {
			if strings.HasPrefix(stream, "regionname-") && strings.HasPrefix(events[0].Type, "reservation.released.") {
				return errors.New("the process is gone")
			}
			return nil
		})
		ok(h, h.platform(), command)
		h.restart()
	}
	for _, name := range []string{"Delfland", "Schieland"} {
		refused(h, h.platform(), regions.CreateRegion{OrganizationID: org, Name: name}, "region-name-taken")
	}
	h.advance(time.Minute)
	must(t, h.Repairs.Sweep(t.Context(), h.now()))
	for _, name := range []string{"Delfland", "Schieland"} {
		ok(h, h.platform(), regions.CreateRegion{OrganizationID: org, Name: name})
	}
}

// fieldsOf returns the members that refusals name, with their codes.
func fieldsOf(err error) []string {
	var named []string
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, each := range several.Unwrap() {
			named = append(named, fieldsOf(each)...)
		}
		return named
	}
	if refusal := (*domain.Error)(nil); errors.As(err, &refusal) {
		named = append(named, refusal.Field+" "+refusal.Code)
	}
	return named
}
