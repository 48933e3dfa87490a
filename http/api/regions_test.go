package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestRegions(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	admin := noord.adminClient
	create := func(c *client, organization, name string) string {
		t.Helper()
		return c.run("CreateRegion", map[string]any{"organizationId": organization, "name": name}).Result["regionId"].(string)
	}
	delfland := create(admin, noord.organization, "Delfland")
	s.advance(time.Hour)
	schieland := create(admin, noord.organization, "Schieland")
	theirs := create(zuid.adminClient, zuid.organization, "Delfland")
	path := "/api/v1/regions/" + delfland
	assign := func(ids ...any) answer {
		t.Helper()
		return admin.command("AssignUsersToRegion", map[string]any{"regionId": delfland, "accountIds": ids})
	}

	t.Run("take several accounts at once, each once", func(t *testing.T) {
		body := map[string]any{"regionId": delfland, "accountIds": []string{noord.user, strings.ToUpper(noord.user), noord.admin}}
		want := []string{"region.user_assigned.v1", "region.user_assigned.v1"}
		before := s.head()
		text := fmt.Sprintf(`{"regionId":%q,"accountIds":[%q]}`, delfland, noord.user)
		if dry := admin.with("Dry-Run", "true").do(http.MethodPost, "/api/v1/commands/AssignUsersToRegion", text); dry.status != http.StatusOK {
			t.Fatalf("dry run: %d %s", dry.status, dry.body)
		}
		same(t, s.head(), before)
		same(t, admin.run("AssignUsersToRegion", body).types(), want)
		same(t, len(admin.run("AssignUsersToRegion", body).Events), 0)
	})
	t.Run("refuse by member whom they can't take", func(t *testing.T) {
		closed := admin.run("CreateAccount", map[string]any{
			"organizationId": noord.organization, "username": "weg@noord.nl", "name": "Weg", "role": "user", "channel": "mail_link",
		}).Result["accountId"]
		admin.run("CloseAccount", map[string]any{"accountId": closed, "reason": "weg"})
		for what, c := range map[string]struct {
			ids           []any
			status        int
			code, pointer string
		}{
			"nobody":                       {[]any{}, 422, "account-ids-required", "/accountIds"},
			"no id":                        {[]any{noord.user, "b/b"}, 422, "account-ids-invalid", "/accountIds/1"},
			"an unknown account":           {[]any{noord.user, uuid.NewString()}, 404, "account-not-found", "/accountIds/1"},
			"another organization's":       {[]any{zuid.user}, 404, "account-not-found", "/accountIds/0"},
			"a closed account":             {[]any{noord.user, noord.admin, closed}, 409, "account-closed", "/accountIds/2"},
			"five hundred and one at once": {many(501), 422, "account-ids-too-many", "/accountIds"},
		} {
			before := s.head()
			got := assign(c.ids...).refused(t, c.status, c.code)
			if len(got.Errors) != 1 || got.Errors[0].Pointer != c.pointer || got.Errors[0].Code != c.code {
				t.Errorf("%s: %+v", what, got.Errors)
			}
			for _, typ := range s.doneBy(noord.admin, before) {
				if !strings.HasPrefix(typ, "refusal.") {
					t.Errorf("%s: appended %s", what, typ)
				}
			}
		}
		said := func(language string) string {
			return admin.with("Accept-Language", language).command("AssignUsersToRegion", map[string]any{"regionId": delfland, "accountIds": many(501)}).
				refused(t, 422, "account-ids-too-many").Errors[0].Detail
		}
		same(t, []string{said("nl"), said("en")}, []string{"Hoogstens 500 accounts tegelijk.", "At most 500 accounts at once."})
	})
	t.Run("are one of a name in an organization that works with them", func(t *testing.T) {
		admin.command("RenameRegion", map[string]any{"regionId": schieland, "name": " DELFLAND "}).refused(t, 409, "region-name-taken")
		without := s.platform().run("RegisterOrganization", map[string]any{"name": "Normen", "preset": "nen"}).Result["organizationId"]
		said := func(language string) string {
			return s.platform().with("Accept-Language", language).command("CreateRegion", map[string]any{"organizationId": without, "name": "X"}).
				refused(t, 409, "no-regions").Detail
		}
		same(t, []string{said("nl"), said("en")}, []string{"Deze organisatie werkt niet met regio's.", "This organization does not work with regions."})
	})
	s.advance(time.Hour)
	admin.run("RemoveUserFromRegion", map[string]any{"regionId": delfland, "accountId": noord.admin})
	same(t, len(admin.run("RemoveUserFromRegion", map[string]any{"regionId": delfland, "accountId": noord.admin}).Events), 0)
	admin.run("ArchiveRegion", map[string]any{"regionId": schieland})

	t.Run("are listed, filtered, sorted and exported", func(t *testing.T) {
		same(t, admin.list("/api/v1/regions?archived=false"), []map[string]any{{
			"id": delfland, "organizationId": noord.organization, "organizationName": "Noord", "name": "Delfland", "archived": false, "users": 1.0,
			"createdAt": "2026-03-14T12:00:00Z", "changedAt": "2026-03-14T14:00:00Z", "revision": 3.0,
		}})
		for query, want := range map[string]string{
			"sort=-name": schieland, "sort=-createdAt": schieland, "archived=true": schieland, "q=delf": delfland, "accountId=" + noord.user: delfland,
		} {
			if items := admin.list("/api/v1/regions?limit=1&" + query); len(items) != 1 || items[0]["id"] != want {
				t.Errorf("%s: %v", query, items)
			}
		}
		rows, err := csv.NewReader(strings.NewReader(string(admin.fresh("/api/v1/regions?format=csv&q=delfland").body))).ReadAll()
		must(t, err)
		same(t, rows, [][]string{
			{"id", "organizationId", "organizationName", "name", "archived", "users", "createdAt", "changedAt", "revision"},
			{delfland, noord.organization, "Noord", "Delfland", "false", "1", "2026-03-14T12:00:00Z", "2026-03-14T14:00:00Z", "3"},
		})
		same(t, parse[map[string]any](t, admin.fresh(path))["accountIds"], any([]any{noord.user}))
	})
	t.Run("show who is in them to those alone who may see accounts", func(t *testing.T) {
		items := noord.userClient.list("/api/v1/regions")
		if len(items) != 1 || items[0]["id"] != delfland || items[0]["users"] != 0.0 {
			t.Errorf("a user sees %v", items)
		}
		if body := string(noord.userClient.fresh(path).body); strings.Contains(body, noord.user) || strings.Contains(body, noord.admin) {
			t.Errorf("a user sees %s", body)
		}
		noord.userClient.get("/api/v1/regions/"+schieland).refused(t, 404, "region-not-found")
		noord.userClient.command("RenameRegion", map[string]any{"regionId": delfland, "name": "Mijn"}).refused(t, 403, "no-right")
		admin.get("/api/v1/regions/"+theirs).refused(t, 404, "region-not-found")
		same(t, len(s.platform().list("/api/v1/regions")), 3)
	})
	t.Run("are in their own history, in the account's and in the audit", func(t *testing.T) {
		told := func(c *client, path string) (types []string) {
			for _, line := range c.list(path) {
				if typ := line["type"].(string); strings.HasPrefix(typ, "region.") {
					types = append(types, strings.TrimSuffix(strings.TrimPrefix(typ, "region."), ".v1"))
				}
			}
			return types
		}
		same(t, told(admin, path+"/history?sort=position"), []string{"created", "user_assigned", "user_assigned", "user_removed"})
		same(t, told(admin, "/api/v1/accounts/"+noord.admin+"/history?sort=position"), []string{"user_assigned", "user_removed"})
		same(t, told(noord.userClient, "/api/v1/accounts/"+noord.user+"/history"), []string{"user_assigned"})
		same(t, told(noord.userClient, path+"/history"), []string{"user_assigned"})
		same(t, told(admin, "/api/v1/audit?type=region.*&subject="+noord.user), []string{"user_assigned"})
		text := admin.with("Accept-Language", "en").list("/api/v1/accounts/" + noord.user + "/history?type=region.*")[0]["text"]
		if !strings.Contains(text.(string), "assigned the user to the region Delfland") {
			t.Errorf("the history says %q", text)
		}
	})
	t.Run("leave the account as it was at each moment", func(t *testing.T) {
		last := admin.list("/api/v1/accounts/" + noord.user + "/history")[0]["revision"]
		for _, at := range []string{"/as-of?at=2026-03-14T12:30:00Z", "/as-of?at=2026-03-14T15:00:00Z", "/as-of?revision=0", "/compare?from=0&to=0", "/replay"} {
			if got := admin.get("/api/v1/accounts/" + noord.user + at); got.status != http.StatusOK {
				t.Errorf("%s (the last line is revision %v): %d %s", at, last, got.status, got.body)
			}
		}
	})
	t.Run("are undone by what their commands say", func(t *testing.T) {
		admin.command("AssignUsersToRegion", map[string]any{"regionId": schieland, "accountIds": []string{noord.user}}).refused(t, 409, "region-archived")
		admin.command("RemoveUserFromRegion", map[string]any{"regionId": theirs, "accountId": zuid.user}).refused(t, 404, "region-not-found")
		create(admin, noord.organization, "Schieland") // the name of an archived region is free
	})
}

// many returns so many ids.
func many(n int) []any {
	ids := make([]any, n)
	for i := range ids {
		ids[i] = uuid.NewString()
	}
	return ids
}
