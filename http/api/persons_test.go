package api_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// person registers a person of a house, which works with persons from then on.
func (s *stack) person(h house, surname string, more ...string) string {
	s.t.Helper()
	s.platform().run("SetPolicy", map[string]any{"organizationId": h.organization, "policy": "personRequired", "value": "optional"})
	body := map[string]any{"organizationId": h.organization, "surname": surname}
	for i := 0; i < len(more); i += 2 {
		body[more[i]] = more[i+1]
	}
	return h.adminClient.run("RegisterPerson", body).Result["personId"].(string)
}

// TestPersonsAreListed asks for persons by what they are to their organization (R-4, I-9, R-28).
func TestPersonsAreListed(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	a := h.adminClient
	berg := s.person(h, "Berg", "givenName", "Jan", "surnamePrefix", "van der", "email", "jan@noord.nl", "phone", "06 12345678", "birthDate", "1985-07-30", "employedFrom", "2020-01-01")
	clb := s.person(h, "Adams", "externalOrganization", "CLB Gent", "function", "arts")
	old := s.person(h, "Citroen", "employedFrom", "2019-01-01")
	a.run("EndEmployment", map[string]any{"personId": old, "until": "2020-06-30"})
	a.run("ActivateVolunteer", map[string]any{"personId": old})
	ids := func(query string) []any {
		t.Helper()
		var found []any
		for _, item := range a.list("/api/v1/persons" + query) {
			found = append(found, item["id"])
		}
		return found
	}
	same(t, ids(""), []any{clb, berg, old}) // as Dutch lists sort
	same(t, ids("?employee=true"), []any{berg})
	same(t, ids("?employee=false"), []any{clb, old})
	same(t, ids("?contact=true"), []any{clb})
	same(t, ids("?volunteer=true"), []any{old})
	same(t, ids("?q=BERG"), []any{berg})
	one := parse[map[string]any](t, a.fresh("/api/v1/persons/"+berg))
	same(t, one["name"], any("Jan van der Berg"))
	same(t, one["phoneNumber"], any("+31612345678"))
	same(t, one["birthDate"], any("1985-07-30"))
	same(t, one["employments"], any([]any{"2020-01-01/.."}))
	rows, err := csv.NewReader(strings.NewReader(string(a.fresh("/api/v1/persons?format=csv&employee=true").body))).ReadAll()
	must(t, err)
	same(t, rows[1][slices.Index(rows[0], "surname")], "Berg")

	a.command("RegisterPerson", map[string]any{"organizationId": h.organization, "surname": " "}).refused(t, http.StatusUnprocessableEntity, "surname-required")
	a.command("StartEmployment", map[string]any{"personId": berg, "from": "1 april"}).refused(t, http.StatusUnprocessableEntity, "from-invalid")
	line := a.with("Accept-Language", "nl").list("/api/v1/persons/" + old + "/history?type=person.employment_ended.v1")[0]
	same(t, line["text"], any("Admin Noord legde 30 jun 2020 vast als de laatste dag van het dienstverband"))
}

// TestEmploymentHasTwoTimes asks who was employed on a day, by what was known on another: an end that
// was recorded late did not hold before it was recorded.
func TestEmploymentHasTwoTimes(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	id := s.person(h, "Berg", "employedFrom", "2026-01-01")
	s.advance(24 * time.Hour) // it was the fourteenth of March
	h.adminClient.run("EndEmployment", map[string]any{"personId": id, "until": "2026-02-28"})
	s.advance(24 * time.Hour)
	h.adminClient.run("WithdrawEmployment", map[string]any{"personId": id, "from": "2026-01-01", "reason": "verkeerde persoon"})
	for query, want := range map[string]bool{
		"?on=2026-03-10&knownAt=2026-03-14": true, "?on=2026-03-10&knownAt=2026-03-15": false, "?on=2026-02-28&knownAt=2026-03-15": true,
		"?on=2025-12-31&knownAt=2026-03-14": false, "?on=2026-02-28&knownAt=2026-03-13": false, "?on=2026-02-28": false, "": false,
	} {
		found := parse[struct{ Employed bool }](t, h.adminClient.fresh("/api/v1/persons/"+id+"/employment"+query))
		if found.Employed != want {
			t.Errorf("%q: employed %t", query, found.Employed)
		}
	}
	h.adminClient.get("/api/v1/persons/"+id+"/employment?on=2026-02-28T12:00:00Z").refused(t, http.StatusBadRequest, "parameter-invalid")
}

// TestShieldedPersons asks for what is known of a shielded person as those who may not see it: in the
// list, the details, the history and the feed. The name stays, so that the person can be linked.
func TestShieldedPersons(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	id := s.person(h, "Berg", "email", "kanarie@thuis.example", "phone", "+31 987 6543", "birthDate", "1985-07-30", "externalOrganization", "Kanarie BV", "function", "Kanarie")
	h.adminClient.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "toezicht@noord.nl", "name": "Toezicht", "role": "compliance", "channel": "admin_password", "password": goodPassword, "keepPassword": true,
	})
	compliance := s.signIn("toezicht@noord.nl", goodPassword)
	asked := []string{"/persons", "/persons/" + id, "/persons/" + id + "/history", "/audit", "/persons?format=csv"}
	for _, path := range asked[1:3] {
		if body := string(compliance.fresh("/api/v1" + path).body); !strings.Contains(body, "1985-07-30") {
			t.Errorf("%s hides what is not kept: %s", path, body)
		}
	}
	h.adminClient.run("ShieldPerson", map[string]any{"personId": id, "reason": "interne medewerker"})
	for _, path := range asked {
		body := string(compliance.fresh("/api/v1" + path).body)
		if strings.Contains(strings.ToLower(body), "kanarie") || strings.Contains(body, "1985-07-30") || strings.Contains(body, "+31 987 6543") {
			t.Errorf("%s shows what is kept: %s", path, body)
		}
	}
	same(t, parse[map[string]any](t, compliance.fresh("/api/v1/persons/"+id))["name"], any("Berg"))
	same(t, len(compliance.list("/api/v1/persons?contact=true&internalEmployee=true")), 1)
	if body := string(h.adminClient.fresh("/api/v1/persons/" + id).body); !strings.Contains(body, "kanarie@thuis.example") {
		t.Errorf("an administrator does not see it: %s", body)
	}
}
