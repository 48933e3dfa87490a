package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/http/answers"
)

// TestRoleGroups asks for the groups, for what an account may do by them, and for the histories of
// both sides.
func TestRoleGroups(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	admin := noord.adminClient
	group := admin.run("CreateRoleGroup", map[string]any{"organizationId": noord.organization, "name": "Monteurs"}).Result["roleGroupId"].(string)
	for _, permission := range []string{"monteur", "klant"} {
		admin.run("GrantPermission", map[string]any{"roleGroupId": group, "permission": permission})
	}
	admin.run("DescribePermission", map[string]any{"roleGroupId": group, "permission": "monteur", "description": "Wie graaft"})
	admin.command("GrantPermission", map[string]any{"roleGroupId": group, "permission": "everything"}).refused(t, 422, "permission-invalid")
	permissions := "/api/v1/accounts/" + noord.user + "/permissions"
	type verdict struct {
		Permission string
		Allowed    bool
		RoleGroups []string
		Because    *string
	}
	type answered struct {
		CanLogIn    bool
		Badge       string
		RoleGroups  []struct{ ID, Name string }
		Permissions []verdict
	}
	of := func(c *client, permission string) (verdict, string) {
		t.Helper()
		got := parse[answered](t, c.fresh(permissions))
		same(t, len(got.Permissions), 20)
		v := got.Permissions[slices.IndexFunc(got.Permissions, func(v verdict) bool { return v.Permission == permission })]
		if v.Because == nil {
			return v, ""
		}
		return v, *v.Because
	}

	t.Run("of an account without roles permit nothing (R-31)", func(t *testing.T) {
		v, because := of(admin, "monteur")
		same(t, v.Allowed, false)
		same(t, because, "no_roles")
		if found := string(admin.fresh("/api/v1/accounts?withoutRoles=true").body); !strings.Contains(found, noord.user) {
			t.Error(found)
		}
	})
	admin.run("AssignRole", map[string]any{"accountId": noord.user, "roleGroupId": group})
	t.Run("permit what they give, and nothing else", func(t *testing.T) {
		v, _ := of(admin, "monteur")
		same(t, v.Allowed, true)
		same(t, v.RoleGroups, []string{group})
		_, because := of(noord.userClient, "gebruikersbeheer") // one's own
		same(t, because, "not_granted")
		same(t, zuid.adminClient.get(permissions).status, http.StatusNotFound)
		same(t, zuid.userClient.get(permissions).status, http.StatusNotFound)
	})
	t.Run("are listed with what they give, and to how many", func(t *testing.T) {
		items := admin.list("/api/v1/role-groups?permission=monteur")
		same(t, len(items), 1)
		same(t, items[0]["members"], any(float64(1)))
		same(t, items[0]["permissions"], any([]any{"klant", "monteur"}))
		same(t, len(admin.list("/api/v1/role-groups?permission=shop")), 0)
		same(t, len(admin.list("/api/v1/accounts?roleGroup="+group)), 1)
		same(t, len(admin.list("/api/v1/accounts?withoutRoles=true&roleGroup="+group)), 0)
		same(t, noord.userClient.get("/api/v1/role-groups").status, http.StatusForbidden)
		if one := string(admin.fresh("/api/v1/role-groups/" + group).body); !strings.Contains(one, "monteur Wie graaft") {
			t.Error(one)
		}
	})
	t.Run("of a stopped account permit nothing, with the reason", func(t *testing.T) {
		admin.run("BlockAccount", map[string]any{"accountId": noord.user, "reason": "misbruik"})
		v, because := of(admin, "monteur")
		same(t, v.Allowed, false)
		same(t, because, "account_not_usable")
		same(t, parse[answered](t, admin.fresh(permissions)).Badge, "blocked")
		admin.run("UnblockAccount", map[string]any{"accountId": noord.user})
	})
	t.Run("are told in both histories", func(t *testing.T) {
		admin.run("RevokeRole", map[string]any{"accountId": noord.user, "roleGroupId": group})
		for _, path := range []string{"/api/v1/role-groups/" + group, "/api/v1/accounts/" + noord.user} {
			var types []string
			for _, line := range admin.list(path + "/history?limit=100") {
				if typ := line["type"].(string); strings.HasPrefix(typ, "account.role_") {
					types = append(types, typ)
					same(t, line["accountId"], any(noord.user))
				}
			}
			slices.Sort(types)
			same(t, types, []string{"account.role_assigned.v1", "account.role_revoked.v1"})
		}
		same(t, zuid.adminClient.get("/api/v1/role-groups/"+group+"/history").status, http.StatusNotFound)
	})
}

// TestPermissionsAsOf asks what an account could do at moments at which it had other roles, its role
// permitted something else, or it could not sign in.
func TestPermissionsAsOf(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	admin := noord.adminClient
	path := "/api/v1/accounts/" + noord.user + "/permissions"
	var moments []string
	moment := func() int { // and the next thing happens a minute later
		moments = append(moments, s.Clock.Now().UTC().Format(time.RFC3339))
		s.advance(time.Minute)
		return len(moments) - 1
	}
	bare := moment()
	group := admin.run("CreateRoleGroup", map[string]any{"organizationId": noord.organization, "name": "Monteurs"}).Result["roleGroupId"].(string)
	admin.run("GrantPermission", map[string]any{"roleGroupId": group, "permission": "monteur"})
	admin.run("AssignRole", map[string]any{"accountId": noord.user, "roleGroupId": group})
	digs := moment()
	same(t, noord.userClient.fresh(path+"?asOf="+moments[digs]).status, http.StatusOK) // one's own
	admin.run("RenameRoleGroup", map[string]any{"roleGroupId": group, "name": "Planners"})
	admin.run("WithdrawPermission", map[string]any{"roleGroupId": group, "permission": "monteur"})
	admin.run("GrantPermission", map[string]any{"roleGroupId": group, "permission": "klic_beheer"})
	plans := moment()
	admin.run("BlockAccount", map[string]any{"accountId": noord.user, "reason": "misbruik"})
	blocked := moment()
	admin.run("UnblockAccount", map[string]any{"accountId": noord.user})
	admin.run("RevokeRole", map[string]any{"accountId": noord.user, "roleGroupId": group})

	for name, c := range map[string]struct {
		at                     int
		role, badge, may, deny string
	}{
		"before its first role":         {bare, "", "active", "", "no_roles"},
		"with the role":                 {digs, "Monteurs", "active", "monteur", "not_granted"},
		"once the role was changed":     {plans, "Planners", "active", "klic_beheer", "not_granted"},
		"while the account was blocked": {blocked, "Planners", "blocked", "", "account_not_usable"},
	} {
		t.Run(name, func(t *testing.T) {
			got := parse[answers.AccountPermissions](t, admin.fresh(path+"?asOf="+moments[c.at]))
			same(t, got.At, moments[c.at])
			same(t, got.Badge, c.badge)
			same(t, got.CanLogIn, c.badge == "active")
			var roles []string
			for _, g := range got.RoleGroups {
				roles = append(roles, g.Name)
			}
			same(t, strings.Join(roles, ", "), c.role)
			for _, v := range got.Permissions {
				if same(t, v.Allowed, v.Permission == c.may); !v.Allowed {
					same(t, *v.Because, c.deny)
				}
			}
		})
	}
	same(t, parse[answers.AccountPermissions](t, admin.fresh(path)).RoleGroups, []answers.RoleOfAccount{})
	same(t, zuid.adminClient.get(path+"?asOf="+moments[digs]).status, http.StatusNotFound)
	same(t, admin.get(path+"?asOf=1999-01-01").status, http.StatusNotFound)
	same(t, admin.get(path+"?asOf=yesterday").status, http.StatusBadRequest)
}
