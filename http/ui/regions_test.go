package ui_test

import (
	"net/http"
	"strings"
	"testing"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/regions"
)

func TestRegions(t *testing.T) {
	s := newSite(t)
	h, other := s.house("noord", "klic"), s.house("zuid", "klic")
	anna := s.account(h.id, "anna", "Anna", "user", "admin_password")
	s.account(h.id, "bram", "Bram", "compliance", "admin_password")
	theirs := do[regions.RegionMade](s, regions.CreateRegion{OrganizationID: other.id, Name: "Elders"}).RegionID
	admin := s.signIn("admin@noord.nl", goodPassword, "nl")

	admin.open("/regions").says(t, "Er zijn nog geen regio&#39;s", "/regions/new").hides(t, "Elders")
	form := admin.open("/regions/new").says(t, "Regio maken").hides(t, "<select id=\"field-organizationId\"")
	id := form.hidden(t, "regionId")
	path := "/regions/" + id
	if p := admin.post("/regions/new", "regionId", id, "name", "  "); p.status != http.StatusUnprocessableEntity {
		t.Fatalf("a name of blanks: %d", p.status)
	} else {
		p.says(t, "Dit is verplicht")
	}
	for range 2 {
		admin.post("/regions/new", "regionId", id, "name", "Delfland").leads(t, path)
	}
	taken := admin.post("/regions/new", "regionId", admin.open("/regions/new").hidden(t, "regionId"), "name", "delfland")
	if taken.status != http.StatusConflict {
		t.Fatalf("a name twice: %d", taken.status)
	}
	taken.says(t, "De organisatie heeft al een regio met deze naam", `value="delfland"`)

	t.Run("are assigned by ticking several users (K-7)", func(t *testing.T) {
		admin.open(path).says(t, "Beheren toegewezen gebruikers", "Anna", "nog niemand toegewezen").hides(t, other.user)
		admin.open(path+"?q=ann").says(t, anna).hides(t, `value="`+h.user+`"`)
		if p := admin.post(path + "/users"); p.status != http.StatusUnprocessableEntity {
			t.Errorf("nobody: %d", p.status)
		} else {
			p.says(t, "Kies ten minste één account")
		}
		admin.post(path+"/users", "id", anna, "id", h.user).leads(t, path)
		admin.open(path).says(t, "De gebruikers zijn aan de regio toegewezen", "/users/"+anna+"/remove", "/users/"+h.user+"/remove").hides(t, `value="`+anna+`"`)
		if p := admin.post(path+"/users", "id", other.user); p.status != http.StatusNotFound {
			t.Errorf("another organization's user: %d", p.status)
		}
		admin.open("/regions").says(t, `data-label="Gebruikers">2</td>`)
	})
	t.Run("are seen by who is in them, without the others", func(t *testing.T) {
		user := s.signIn("anna", goodPassword, "en")
		user.open("/").says(t, `href="/regions"`)
		user.open("/regions").says(t, "Delfland").hides(t, "/regions/new", "Users</")
		user.open(path).says(t, "This region is assigned to your account").hides(t, h.user, "/rename", "/remove")
		user.open(path+"/history").says(t, "assigned the user to the region Delfland").hides(t, h.user, "created the region")
		if p := user.post(path+"/rename", "name", "Mijn"); p.status != http.StatusForbidden {
			t.Errorf("a user renames: %d", p.status)
		}
		s.signIn("bram", goodPassword, "nl").open(path).says(t, "Anna").hides(t, "/rename", "/remove", "/users\"")
	})
	t.Run("are in the history of the account, of the region and of everything", func(t *testing.T) {
		admin.post(path+"/users/"+anna+"/remove").leads(t, path)
		admin.post(path+"/rename", "name", "Schieland").leads(t, path)
		admin.open("/accounts/"+anna+"/history").says(t, "wees de gebruiker toe aan de regio Delfland", "haalde de gebruiker uit de regio Delfland")
		admin.open(path+"/history").says(t, "hernoemde de regio Delfland tot Schieland", "/accounts/"+anna, "maakte de regio Delfland",
			"/api/v1"+path+"/history?format=csv").hides(t, `· <a href="`+path+`">`)
		admin.open("/audit?type=region.*").says(t, path, "Schieland", "Alles van: Regio")
	})
	t.Run("keep what was typed when refused, and whom they had when archived", func(t *testing.T) {
		long := strings.Repeat("x", 201)
		if p := admin.post(path+"/rename", "name", long); p.status != http.StatusUnprocessableEntity {
			t.Errorf("a long name: %d", p.status)
		} else {
			p.says(t, "te lang", long)
		}
		admin.post(path+"/archive").leads(t, path)
		admin.open(path).says(t, "Deze regio is gearchiveerd", h.user).hides(t, "/rename", "/remove", "/archive", path+"/users")
		if p := admin.post(path+"/users", "id", anna); p.status != http.StatusConflict {
			t.Errorf("an archived region takes somebody: %d", p.status)
		}
		admin.open("/regions?archived=true").says(t, "Schieland")
		admin.open("/regions?archived=false").hides(t, "Schieland")
	})
	t.Run("are not for an organization that does not work with them", func(t *testing.T) {
		s.house("normen", "officeheart")
		other := s.signIn("admin@normen.nl", goodPassword, "nl")
		other.open("/").hides(t, `href="/regions"`)
		other.open("/regions").says(t, "Er zijn geen regio&#39;s").hides(t, "/regions/new")
		if p := other.get("/regions/new"); p.status != http.StatusConflict {
			t.Errorf("a form for a region: %d", p.status)
		} else {
			p.says(t, "Deze organisatie werkt niet met regio&#39;s")
		}
		if p := other.post("/regions/new", "name", "Delfland"); p.status != http.StatusConflict {
			t.Errorf("a region: %d", p.status)
		}
		s.signIn("root", goodPassword, "nl").open("/regions/new").hides(t, "normen")
		admin.open("/").says(t, `href="/regions"`)
		s.signIn("bram", goodPassword, "nl").open("/").says(t, `href="/regions"`)
	})
	for _, path := range []string{"/regions/" + theirs, "/regions/" + theirs + "/history", "/regions/nonsense"} {
		if p := admin.get(path); p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
	}
	do[engine.None](s, regions.ArchiveRegion{RegionID: theirs})
	root := s.signIn("root", goodPassword, "en")
	root.open("/regions").says(t, "Elders", "Schieland", "zuid")
	root.open("/regions/new").says(t, `<select id="field-organizationId"`, other.id)
	root.open("/regions/"+theirs).says(t, "This region is archived", "/organizations/"+other.id)
}
