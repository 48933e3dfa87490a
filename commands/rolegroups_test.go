package commands_test

import (
	"sync"
	"testing"

	"sleutelbos/commands"
	"sleutelbos/commands/accounts"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/account"
	"sleutelbos/domain/rolegroup"
)

// TestRoleGroups holds O-22.
func TestRoleGroups(t *testing.T) {
	h := newHouse(t)
	org, elsewhere := h.organization(1, "regicare"), h.organization(9, "regicare")
	admin, user, compliance := h.account(2, org, "admin"), h.account(3, org, "user"), h.account(4, org, "compliance")
	other := h.account(5, elsewhere, "admin")
	create := rolegroups.CreateRoleGroup{OrganizationID: org, Name: " Balie "}
	refused(h, user, create, "no-right")
	refused(h, compliance, create, "no-right")
	refused(h, other, create, "organization-not-found")
	refused(h, admin, rolegroups.CreateRoleGroup{OrganizationID: org, Name: "  "}, "name-required")
	without := h.organization(10, "nen")
	refused(h, h.platform(), rolegroups.CreateRoleGroup{OrganizationID: without, Name: "Balie"}, "no-roles")
	made := result[rolegroups.RoleGroupMade](h, admin, create).RoleGroupID
	refused(h, admin, rolegroups.CreateRoleGroup{OrganizationID: org, Name: "BALIE"}, "role-group-name-taken")
	theirs := result[rolegroups.RoleGroupMade](h, other, rolegroups.CreateRoleGroup{OrganizationID: elsewhere, Name: "Balie"}).RoleGroupID
	for _, command := range []any{
		rolegroups.RenameRoleGroup{RoleGroupID: made, Name: "Mijn"}, rolegroups.ArchiveRoleGroup{RoleGroupID: made},
		rolegroups.GrantPermission{RoleGroupID: made, Permission: rolegroup.Shop}, rolegroups.WithdrawPermission{RoleGroupID: made, Permission: rolegroup.Shop},
		rolegroups.DescribePermission{RoleGroupID: made, Permission: rolegroup.Shop, Description: "Winkel"},
		rolegroups.AssignRole{AccountID: id(5), RoleGroupID: made},
	} {
		refused(h, other, command, "role-group-not-found")
		refused(h, user, command, "no-right")
	}

	t.Run("permits, withdraws and describes", func(t *testing.T) {
		ok(h, admin, rolegroups.GrantPermission{RoleGroupID: made, Permission: rolegroup.Shop})
		ok(h, admin, rolegroups.GrantPermission{RoleGroupID: made, Permission: rolegroup.Shop})
		ok(h, admin, rolegroups.WithdrawPermission{RoleGroupID: made, Permission: rolegroup.Shop})
		ok(h, admin, rolegroups.DescribePermission{RoleGroupID: made, Permission: rolegroup.Shop, Description: " Bestellen "})
		events, _ := h.opened("rolegroup-" + made)
		same(t, events[1:], []any{
			rolegroup.PermissionGranted{Permission: rolegroup.Shop}, rolegroup.PermissionWithdrawn{Permission: rolegroup.Shop},
			rolegroup.PermissionDescribed{Permission: rolegroup.Shop, Description: "Bestellen"},
		})
	})
	t.Run("gives roles within the organization, and takes them", func(t *testing.T) {
		refused(h, admin, rolegroups.AssignRole{AccountID: id(5), RoleGroupID: made}, "account-not-found")
		refused(h, h.platform(), rolegroups.AssignRole{AccountID: id(5), RoleGroupID: made}, "role-group-not-found")
		refused(h, admin, rolegroups.AssignRole{AccountID: id(3), RoleGroupID: theirs}, "role-group-not-found")
		ok(h, admin, rolegroups.AssignRole{AccountID: id(3), RoleGroupID: made})
		outcome, err := do(h, admin, rolegroups.AssignRole{AccountID: id(3), RoleGroupID: made})
		must(t, err)
		same(t, typesOf(outcome), []string{})
		ok(h, admin, rolegroups.RenameRoleGroup{RoleGroupID: made, Name: "Kassa"})
		ok(h, admin, rolegroups.RevokeRole{AccountID: id(3), RoleGroupID: made})
		events, _ := h.opened("account-" + id(3))
		same(t, events[len(events)-2:], []any{
			account.RoleAssigned{RoleGroupID: made, RoleGroup: "Balie"}, account.RoleRevoked{RoleGroupID: made, OldRoleGroup: "Balie"},
		})
	})
	t.Run("is archived once nobody has it, and frees its name", func(t *testing.T) {
		ok(h, admin, rolegroups.AssignRole{AccountID: id(2), RoleGroupID: made})
		ok(h, admin, rolegroups.AssignRole{AccountID: id(3), RoleGroupID: made})
		archive := rolegroups.ArchiveRoleGroup{RoleGroupID: made}
		refused(h, admin, archive, "role-group-has-members")
		ok(h, admin, rolegroups.RevokeRole{AccountID: id(2), RoleGroupID: made})
		refused(h, admin, archive, "role-group-has-members")
		h.restart() // who counts begins anew
		refused(h, admin, archive, "role-group-has-members")
		ok(h, admin, accounts.CloseAccount{AccountID: id(3), Reason: "Uit dienst"})
		ok(h, admin, archive)
		refused(h, admin, rolegroups.AssignRole{AccountID: id(2), RoleGroupID: made}, "role-group-archived")
		refused(h, admin, rolegroups.GrantPermission{RoleGroupID: made, Permission: rolegroup.Shop}, "role-group-archived")
		ok(h, admin, rolegroups.CreateRoleGroup{OrganizationID: org, Name: "Kassa"})
	})
}

// TestSameRoleGroupAtOnce lets 32 clients of two processes make one group.
func TestSameRoleGroupAtOnce(t *testing.T) { eachStore(t, sameRoleGroupAtOnce) }

func sameRoleGroupAtOnce(t *testing.T, h *house) {
	t.Helper()
	create := rolegroups.CreateRoleGroup{OrganizationID: h.organization(1, "regicare"), Name: "Balie"}
	platform, other := h.platform(), h.service() // another process
	defer func() { must(t, other.Close()) }()
	const clients = 32
	var mu sync.Mutex
	answers := map[string]int{}
	together(clients, func(i int) {
		s := []*commands.Service{h.Service, other}[i%2]
		_, err := s.Run(t.Context(), engine.Request{Actor: platform}, create)
		mu.Lock()
		defer mu.Unlock()
		answers[codeOf(err)]++
	})
	same(t, answers, map[string]int{"<nil>": 1, "role-group-name-taken": clients - 1})
	same(t, h.count("rolegroup.created."), 1)
}

// TestValue08_TheDefaultRoleIsStandaard: each usual account of an organization whose preset says so
// gets the group (O-10), once.
func TestValue08_TheDefaultRoleIsStandaard(t *testing.T) {
	h := newHouse(t)
	at := h.head()
	org, plain := h.organization(1, "officeheart"), h.organization(9, "regicare")
	standard := rolegroups.StandardID(org)
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	h.account(4, plain, "user")
	h.account(5, org, "user")
	ok(h, admin, accounts.CloseAccount{AccountID: id(5), Reason: "vergissing"})
	h.react(at)
	events, envelopes := h.opened("rolegroup-" + standard)
	same(t, events[1], any(rolegroup.PermissionGranted{Permission: rolegroup.Klant}))
	same(t, envelopes[0].Organization, org)
	roles := func(n int) (got []any) {
		events, _ := h.opened("account-" + id(n))
		for _, e := range events {
			switch e.(type) {
			case account.RoleAssigned, account.RoleRevoked:
				got = append(got, e)
			}
		}
		return got
	}
	given, taken := account.RoleAssigned{RoleGroupID: standard, RoleGroup: "Standaard"}, account.RoleRevoked{RoleGroupID: standard, OldRoleGroup: "Standaard"}
	same(t, len(roles(2)), 0)
	same(t, roles(3), []any{given})
	same(t, len(roles(4)), 0)
	same(t, len(roles(5)), 0)

	ok(h, admin, rolegroups.RevokeRole{AccountID: id(3), RoleGroupID: standard})
	ok(h, admin, rolegroups.RenameRoleGroup{RoleGroupID: standard, Name: "Basis"})
	h.react(at) // what is delivered twice is done once, and what somebody took does not come back
	same(t, roles(3), []any{given, taken})
	same(t, h.count("rolegroup.created."), 1)
	same(t, h.count("refusal.recorded."), 0)
}

// TestARoleOfAnArchivedGroupIsTaken from whoever got it in the moment in which it was archived.
func TestARoleOfAnArchivedGroupIsTaken(t *testing.T) {
	h := newHouse(t)
	org := h.organization(1, "regicare")
	admin := h.account(2, org, "admin")
	h.account(3, org, "user")
	made := result[rolegroups.RoleGroupMade](h, admin, rolegroups.CreateRoleGroup{OrganizationID: org, Name: "Balie"}).RoleGroupID
	given := account.RoleAssigned{RoleGroupID: made, RoleGroup: "Balie"}
	at := h.head()
	ok(h, admin, rolegroups.ArchiveRoleGroup{RoleGroupID: made})
	h.append("account-"+id(3), given)
	h.react(at)
	events, _ := h.opened("account-" + id(3))
	same(t, events[len(events)-1], any(account.RoleRevoked{RoleGroupID: made, OldRoleGroup: "Balie"}))
	h.append("account-"+id(3), given)
	h.react(at)
	same(t, h.count("account.role_revoked."), 2)
}
