package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app/apptest"
)

// queries returns every query of the document by its path, with an address that answers it: of what
// a house has got after this.
func (s *stack) queries(h house) map[string]string {
	s.t.Helper()
	a := h.adminClient
	license := a.run("RegisterLicense", map[string]any{"organizationId": h.organization, "name": "NEN", "shownInSelection": true}).Result["licenseId"].(string)
	request := h.userClient.run("RequestLicense", map[string]any{"accountId": h.user, "licenseId": license}).Result["requestId"].(string)
	region := a.run("CreateRegion", map[string]any{"organizationId": h.organization, "name": "Oost"}).Result["regionId"].(string)
	post := a.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "post@noord.nl", "name": "Post", "role": "user", "channel": "mail_link_and_letter_code",
	}).Result["accountId"]
	a.run("SendActivation", map[string]any{"accountId": post})
	_, err := s.Sealer.Seal(s.t.Context())
	must(s.t, err)
	ids := map[string]string{
		"accounts": h.user, "organizations": h.organization, "licenses": license, "license-requests": request,
		"letters": s.first(a, "/api/v1/letters"), "messages": s.first(a, "/api/v1/messages"), "regions": region, "persons": s.person(h, "Berg"),
		"role-groups": a.run("CreateRoleGroup", map[string]any{"organizationId": h.organization, "name": "Balie"}).Result["roleGroupId"].(string),
	}
	all := map[string]string{}
	for path, operations := range s.openAPI().Paths {
		if _, asks := operations["get"]; !asks {
			continue
		}
		id, known := ids[strings.Split(path, "/")[1]]
		if strings.Contains(path, "{") && !known {
			s.t.Fatalf("no id for %s", path)
		}
		all[path] = "/api/v1" + strings.Replace(path, "{id}", id, 1) + requiredQuery(path)
	}
	return all
}

// TestF68_ReadsGoOnWithoutTheEventStore asks every query of the document while the event store is
// out of reach, with a session and with a key. Each answer says as of when it is.
func TestF68_ReadsGoOnWithoutTheEventStore(t *testing.T) {
	// needLog are the queries that can't do without: the letter's code is opened for whoever the
	// log says may see it, and the feed is the log.
	needLog := map[string]bool{"/letters/{id}/pdf": true, "/events": true}

	var store *apptest.Away
	s := newStack(t, func(setup *apptest.Setup) { store = apptest.CanBeAway(setup) })
	noord := s.house("Noord")
	a := noord.adminClient
	queries := s.queries(noord)
	askers := []*client{a, s.platform()}
	for _, asker := range askers { // so that they have asked before
		if got := asker.get("/api/v1/me"); got.status != http.StatusOK || got.header.Get("X-As-Of") != "" {
			t.Fatalf("me, before: %d %v %s", got.status, got.header, got.body)
		}
	}

	store.Set(true)
	for deadline := time.Now().Add(10 * time.Second); askers[0].get("/api/v1/me").header.Get("X-As-Of") == ""; {
		if time.Now().After(deadline) {
			t.Fatal("nobody noticed that the store is away")
		}
	}
	asked := 0
	for path, target := range queries {
		if needLog[path] {
			continue
		}
		for _, asker := range askers {
			got := asker.get(target)
			if got.status != http.StatusOK && got.status != http.StatusForbidden {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
			if as, err := time.Parse(time.RFC3339, got.header.Get("X-As-Of")); err != nil || !as.Equal(noon) {
				t.Errorf("%s: as of %q", path, got.header.Get("X-As-Of"))
			}
			asked++
		}
	}
	if asked < 40 {
		t.Errorf("asked %d times only", asked)
	}
	block := map[string]any{"accountId": noord.user, "reason": "x"}
	s.advance(time.Minute) // the store is known to be away
	began := time.Now()
	if got := a.command("BlockAccount", block); got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" {
		t.Errorf("a command: %d %v %s", got.status, got.header, got.body)
	}
	if took := time.Since(began); took > 5*time.Second { // its patience is less than one
		t.Errorf("a command was refused after %v", took)
	}

	store.Set(false)
	if got := a.command("BlockAccount", block); got.status != http.StatusOK {
		t.Errorf("the first command after the store's return: %d %s", got.status, got.body)
	}
	if got := noord.userClient.get("/api/v1/me"); got.status != http.StatusUnauthorized || got.header.Get("X-As-Of") != "" {
		t.Errorf("the first request of a blocked account: %d %v %s", got.status, got.header, got.body)
	}
}
