package ui_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/rolegroups"
	"sleutelbos/domain/rolegroup"
)

// TestValue07_Value30_RoleGroups makes a group on the pages, gives it permissions, and gives it to users
// on a tab that only a saved account has; who has none signs in, and gets a message.
func TestValue07_Value30_RoleGroups(t *testing.T) {
	s := newSite(t)
	h, other := s.house("noord", "regicare"), s.house("zuid", "regicare")
	anna := s.account(h.id, "anna@noord.nl", "Anna", "user", "admin_password")
	theirs := do[rolegroups.RoleGroupMade](s, rolegroups.CreateRoleGroup{OrganizationID: other.id, Name: "Elders"}).RoleGroupID
	admin := s.signIn("admin@noord.nl", goodPassword, "nl")
	admin.open("/").says(t, `href="/role-groups"`)
	admin.open("/role-groups").says(t, "Er zijn nog geen rolgroepen", "/role-groups/new").hides(t, "Elders")
	id := admin.open("/role-groups/new").says(t, "Rolgroep maken").hidden(t, "roleGroupId")
	path := "/role-groups/" + id
	admin.post("/role-groups/new", "roleGroupId", id, "name", "Balie").leads(t, path)
	if p := admin.post("/role-groups/"+theirs+"/rename", "name", "Mijn"); p.status != http.StatusNotFound {
		t.Errorf("another organization's group: %d", p.status)
	}

	t.Run("give permissions, each with an explanation of one's own", func(t *testing.T) {
		admin.open(path).says(t, "Documenten lezen", "Niet gebruiken: alleen voor maatwerk")
		admin.post(path+"/permissions/shop/grant").leads(t, path)
		admin.post(path+"/permissions/shop/describe", "description", "Bestellen bij ons").leads(t, path)
		admin.open(path).says(t, "Bestellen bij ons", path+"/permissions/shop/withdraw", path+"/permissions/klant/grant")
		admin.open("/role-groups/matrix").says(t, "Balie", "Reageren op meldingen")
		if p := admin.post(path + "/permissions/everything/grant"); p.status != http.StatusUnprocessableEntity {
			t.Errorf("no permission: %d", p.status)
		}
	})
	t.Run("are those of the system that the organization follows, and what was given before", func(t *testing.T) {
		digs := s.house("graaf", "klic")
		group := do[rolegroups.RoleGroupMade](s, rolegroups.CreateRoleGroup{OrganizationID: digs.id, Name: "Ploeg"}).RoleGroupID
		digger := s.signIn("admin@graaf.nl", goodPassword, "nl")
		for _, page := range []string{"/role-groups/" + group, "/role-groups/matrix"} {
			digger.open(page).says(t, "Monteur").hides(t, "Documenten lezen", "Graafmeldingen")
			admin.open(strings.Replace(page, group, id, 1)).says(t, "Graafmeldingen (KLIC)", "Klantenportaal", "Monteur")
		}
		do[engine.None](s, rolegroups.GrantPermission{RoleGroupID: group, Permission: rolegroup.DocumentenLezen})
		digger.open("/role-groups/"+group).says(t, "Documenten lezen", "/permissions/documenten_lezen/withdraw", "Klantenportaal", "Graafmeldingen (KLIC)").hides(t, "Evaluaties")
	})
	t.Run("are given on a tab of the saved account (O-9)", func(t *testing.T) {
		admin.open("/accounts/new").hides(t, "Rollen</a>")
		admin.open("/accounts/"+anna+"/roles").says(t, "Dit account heeft geen rollen", "geen rollen")
		admin.post("/accounts/"+anna+"/roles", "roleGroupId", id).leads(t, "/accounts/"+anna+"/roles")
		admin.open("/accounts/"+anna+"/roles").says(t, "Balie", "/roles/"+id+"/revoke")
		if p := admin.post(path + "/archive"); p.status != http.StatusConflict {
			t.Errorf("with a member: %d", p.status)
		}
		admin.post("/accounts/"+anna+"/roles/"+id+"/revoke").leads(t, "/accounts/"+anna+"/roles")
	})
	t.Run("are given to several users at once", func(t *testing.T) {
		admin.post(path+"/members", "id", anna, "id", h.user).leads(t, path)
		admin.open(path).says(t, "/members/"+anna+"/revoke", "/members/"+h.user+"/revoke")
		admin.open("/accounts?roleGroup="+id).says(t, "Anna", "Rolgroep: Balie")
		admin.open(path+"/history").says(t, "gaf het account de rol Balie", "beschreef het recht Shop")
		admin.post(path+"/members/"+anna+"/revoke").leads(t, path)
	})
	t.Run("are missed by an account that has none", func(t *testing.T) {
		admin.open("/accounts?withoutRoles=true&role=user").says(t, "Anna", "Zonder rollen <span")
		s.house("school", "informat") // has no roles, so everybody would be without
		s.signIn("admin@school.nl", goodPassword, "nl").open("/accounts").says(t, "user@school.nl").hides(t, "Zonder rollen")
	})
	user := s.signIn("anna@noord.nl", goodPassword, "nl")
	t.Run("without one, signing in works, and a message says that nothing is reached (R-31)", func(t *testing.T) {
		user.open("/").says(t, "Uw account heeft nog geen rollen").hides(t, `href="/role-groups"`)
		if p := user.post(path+"/rename", "name", "Mijn"); p.status != http.StatusForbidden {
			t.Errorf("a user renames a group: %d", p.status)
		}
	})
	t.Run("a reason for everything is said once", func(t *testing.T) {
		admin.open("/accounts/"+anna+"/roles").says(t, "heeft geen rol en mag daarom niets").hides(t, "<td>Documenten lezen</td>")
	})
	t.Run("the message goes with the first role", func(t *testing.T) {
		admin.post("/accounts/"+anna+"/roles", "roleGroupId", id).leads(t, "/accounts/"+anna+"/roles")
		user.open("/").hides(t, "Uw account heeft nog geen rollen")
		user.open("/accounts/"+anna+"/roles").says(t, "Balie", "<td>Documenten lezen</td>").hides(t, "/revoke", path+`"`)
	})
	t.Run("say what it could do on a day", func(t *testing.T) {
		day := s.Clock.Now().Format(time.DateOnly)
		s.Clock.Advance(48 * time.Hour)
		admin = s.signIn("admin@noord.nl", goodPassword, "nl")
		admin.post("/accounts/"+anna+"/roles/"+id+"/revoke").leads(t, "/accounts/"+anna+"/roles")
		admin.open("/accounts/"+anna+"/roles").says(t, "heeft geen rol en mag daarom niets")
		admin.open("/accounts/"+anna+"/roles?asOf="+day).says(t, "Het account had toen deze rollen: Balie.", "<td>Documenten lezen</td>", `value="`+day+`"`)
		admin.open("/accounts/"+anna+"/roles?asOf=1999-01-01").says(t, "Toen was het account er nog niet")
	})
}
