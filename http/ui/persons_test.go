package ui_test

import (
	"net/http"
	"testing"
)

func TestPersons(t *testing.T) {
	s := newSite(t)
	h := s.house("noord", "regicare")
	s.house("zuid", "klic")
	s.account(h.id, "toezicht@noord.nl", "Toezicht", "compliance", "admin_password")
	admin := s.signIn("admin@noord.nl", goodPassword, "nl")

	admin.open("/").says(t, `href="/persons"`)
	admin.open("/persons").says(t, "Er zijn nog geen personen", "/persons/new", "Medewerkers", "Contactpersonen", "Vrijwilligers")
	form := admin.open("/persons/new").says(t, "Tussenvoegsel", `type="date"`)
	id := form.hidden(t, "personId")
	path := "/persons/" + id
	if p := admin.post("/persons/new", "personId", id, "givenName", "Jan"); p.status != http.StatusUnprocessableEntity {
		t.Fatalf("no surname: %d", p.status)
	} else {
		p.says(t, `value="Jan"`)
	}
	for range 2 {
		admin.post("/persons/new", "personId", id, "givenName", "Jan", "surnamePrefix", "van der", "surname", "Berg", "email", "jan@noord.nl", "employedFrom", "2026-01-01").leads(t, path)
	}
	admin.open(path).says(t, "Jan van der Berg", "jan@noord.nl", "Loopt door", "1 jan 2026")
	admin.open("/persons?employee=true").says(t, `href="`+path+`"`, "Berg, Jan van der")

	t.Run("are changed, also by two at once", func(t *testing.T) {
		edit := admin.open(path + "/edit")
		send := func(p page, pairs ...string) page {
			was := []string{"revision", p.hidden(t, "revision")}
			for _, name := range []string{"givenName", "surnamePrefix", "surname", "email", "phone", "birthDate"} {
				was = append(was, "was-"+name, p.hidden(t, "was-"+name))
			}
			return admin.post(path+"/edit", append(was, pairs...)...)
		}
		send(edit, "givenName", "Jan", "surnamePrefix", "van der", "surname", "Berg", "email", "jan@noord.nl", "phone", "06 12345678", "birthDate", "").leads(t, path)
		stale := send(edit, "givenName", "Jan", "surnamePrefix", "van der", "surname", "Berg", "email", "jan@noord.nl", "phone", "06 87654321", "birthDate", "")
		same(t, stale.status, http.StatusPreconditionFailed)
		send(edit, "givenName", "Johan", "surnamePrefix", "van der", "surname", "Berg", "email", "jan@noord.nl", "phone", "", "birthDate", "").leads(t, path+"?seen=1")
		admin.open(path).says(t, "Johan van der Berg", "06 12345678")
	})
	t.Run("are employed, or were", func(t *testing.T) {
		admin.post(path+"/employments/end", "until", "2026-02-28").leads(t, path)
		admin.open(path).says(t, "28 feb 2026", "Laatste dag wegnemen")
		if p := admin.post(path+"/employments", "from", "2026-02-01"); p.status != http.StatusConflict {
			t.Errorf("twice at once: %d", p.status)
		} else {
			p.says(t, "Een ander dienstverband")
		}
		admin.open(path+"?on=2026-03-01").says(t, "Op 1 mrt 2026 niet in dienst.")
		admin.open(path+"?on=2026-02-01&known=2026-03-14").says(t, "Op 1 feb 2026 in dienst.")
		admin.post(path+"/employments/continue").leads(t, path)
		admin.post(path+"/employments/withdraw", "from", "2026-01-01", "reason", "vergissing").leads(t, path)
		admin.open(path).says(t, "De persoon is hier niet in dienst")
		admin.open(path+"/history").says(t, "trok het dienstverband vanaf 1 jan 2026 in", "vergissing")
	})
	t.Run("are contacts and volunteers", func(t *testing.T) {
		admin.post(path+"/contact", "externalOrganization", "CLB Gent", "function", "arts").leads(t, path)
		admin.post(path+"/volunteer").leads(t, path)
		admin.open("/persons?contact=true").says(t, `href="`+path+`"`, "CLB Gent")
		admin.open("/persons?volunteer=true").says(t, `href="`+path+`"`)
		admin.post(path+"/contact/end").leads(t, path)
		admin.post(path+"/volunteer/end").leads(t, path)
		admin.open(path).says(t, "niet actief als vrijwilliger")
	})
	t.Run("are shielded (R-21)", func(t *testing.T) {
		compliance := s.signIn("toezicht@noord.nl", goodPassword, "nl")
		compliance.open(path).says(t, "jan@noord.nl").hides(t, "/shield", "/edit", "/volunteer")
		admin.post(path+"/shield", "reason", "interne medewerker").leads(t, path)
		compliance.open(path).says(t, "Johan van der Berg", "Deze persoon is afgeschermd").hides(t, "jan@noord.nl", "06 12345678")
		compliance.open(path+"/history").hides(t, "jan@noord.nl", "06 12345678")
		compliance.open("/persons").says(t, "Berg, Johan van der").hides(t, "jan@noord.nl")
		admin.open(path).says(t, "jan@noord.nl", "Afscherming opheffen")
		admin.post(path+"/unshield").leads(t, path)
	})
	t.Run("are nobody else's", func(t *testing.T) {
		stranger := s.signIn("admin@zuid.nl", goodPassword, "nl")
		same(t, stranger.get(path).status, http.StatusNotFound)
		stranger.open("/").hides(t, `href="/persons"`)
		same(t, stranger.get("/persons/new").status, http.StatusConflict)
		same(t, s.signIn("user@noord.nl", goodPassword, "nl").get("/persons").status, http.StatusForbidden)
	})
}
