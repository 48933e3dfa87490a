package api_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestInternalEmployee follows a fact of an account through everything that shows one.
func TestInternalEmployee(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	path := "/api/v1/accounts/" + h.user
	one := func(query string) map[string]any {
		t.Helper()
		return parse[map[string]any](t, h.adminClient.fresh(path+query))
	}
	before := one("")["revision"].(float64)
	s.advance(time.Hour)
	same(t, h.adminClient.run("ShieldAccount", map[string]any{"accountId": h.user, "reason": "werkt bij ons"}).types(), []string{"account.shielded.v1"})
	same(t, h.adminClient.run("ShieldAccount", map[string]any{"accountId": h.user, "reason": "nog eens"}).types(), []string(nil))

	t.Run("is a flag, a filter and a column", func(t *testing.T) {
		same(t, one("")["internalEmployee"], any(true))
		items := h.adminClient.list("/api/v1/accounts?internalEmployee=true")
		same(t, len(items), 1)
		same(t, items[0]["id"], any(h.user))
		same(t, len(h.adminClient.list("/api/v1/accounts?internalEmployee=false")), 1)
		rows, err := csv.NewReader(strings.NewReader(string(h.adminClient.fresh("/api/v1/accounts?format=csv&internalEmployee=true").body))).ReadAll()
		must(t, err)
		same(t, rows[1][slices.Index(rows[0], "internalEmployee")], "true")
	})
	t.Run("is told, and was otherwise before", func(t *testing.T) {
		line := h.adminClient.with("Accept-Language", "nl").list(path + "/history?type=account.shielded.v1")[0]
		same(t, line["text"], any("Admin Noord schermde het account af als dat van een interne medewerker: werkt bij ons"))
		same(t, line["changes"], any([]any{map[string]any{"field": "internalEmployee", "old": "false", "new": "true"}}))
		same(t, one("/as-of?at=2026-03-14T12:30:00Z")["internalEmployee"], any(false))
		same(t, one("/as-of?at=2026-03-14T13:00:00Z")["internalEmployee"], any(true))
		same(t, one("/compare?from=2&to=2026-03-14T13:00:00Z")["differences"], any([]any{map[string]any{"field": "internalEmployee", "old": false, "new": true}}))
	})
	t.Run("needs a reason, and who may manage the account", func(t *testing.T) {
		h.adminClient.command("ShieldAccount", map[string]any{"accountId": h.admin, "reason": " "}).refused(t, http.StatusUnprocessableEntity, "reason-required")
		s.signIn("user@noord.nl", goodPassword).command("UnshieldAccount", map[string]any{"accountId": h.user}).refused(t, http.StatusForbidden, "no-right")
	})
	t.Run("ends", func(t *testing.T) {
		same(t, h.adminClient.run("UnshieldAccount", map[string]any{"accountId": h.user}).types(), []string{"account.unshielded.v1"})
		same(t, one("")["internalEmployee"], any(false))
		same(t, one("")["revision"].(float64) > before, true)
	})
}
