package api_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestNickname follows a field of an account that may be empty through everything that shows
// one.
func TestNickname(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	id := h.adminClient.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "bep@noord.nl", "name": "Elisabeth Smit", "nickname": "Bep", "role": "user", "channel": "mail_link",
	}).Result["accountId"].(string)
	path := "/api/v1/accounts/" + id
	change := func(nickname string) {
		t.Helper()
		s.advance(time.Hour)
		h.adminClient.run("ChangeDetails", map[string]any{"accountId": id, "nickname": nickname})
	}
	change("Bé")
	change("")
	one := func(query string) map[string]any {
		t.Helper()
		return parse[map[string]any](t, h.adminClient.fresh(path+query))
	}

	t.Run("is what it was at each revision", func(t *testing.T) {
		for revision, want := range map[string]any{"0": nil, "1": "Bep", "2": "Bé", "3": nil} {
			same(t, one("/as-of?revision=" + revision)["nickname"], want)
		}
		same(t, one("")["nickname"], nil)
		same(t, one("/compare?from=1&to=2")["differences"], any([]any{map[string]any{"field": "nickname", "old": "Bep", "new": "Bé"}}))
	})
	t.Run("is told by its own event, old and new", func(t *testing.T) {
		var told []any
		for _, line := range h.adminClient.list(path + "/history?type=account.nickname_set.v1&sort=position") {
			told = append(told, line["changes"].([]any)[0])
		}
		same(t, told, []any{
			map[string]any{"field": "nickname", "old": nil, "new": "Bep"},
			map[string]any{"field": "nickname", "old": "Bep", "new": "Bé"},
			map[string]any{"field": "nickname", "old": "Bé", "new": nil},
		})
	})
	t.Run("is listed, filtered and exported", func(t *testing.T) {
		change("Bets")
		has := func(filter string) (ids []any) {
			for _, item := range h.adminClient.list("/api/v1/accounts?hasNickname=" + filter) {
				ids = append(ids, item["id"])
			}
			return ids
		}
		same(t, has("true"), []any{any(id)})
		same(t, slices.Contains(has("false"), any(id)), false)
		same(t, len(has("false")), 2)
		rows, err := csv.NewReader(strings.NewReader(string(h.adminClient.fresh("/api/v1/accounts?format=csv&hasNickname=true").body))).ReadAll()
		must(t, err)
		same(t, len(rows), 2)
		same(t, rows[1][slices.Index(rows[0], "nickname")], "Bets")
	})
	t.Run("is refused where it is too long or misleads, in the reader's language", func(t *testing.T) {
		for language, says := range map[string][]string{
			"nl": {"Hoogstens 100 tekens.", "Dit is niet geldig."}, "en": {"At most 100 characters.", "Control characters, line breaks and overrides of the writing direction are not allowed."},
		} {
			for i, refused := range []struct{ nickname, code string }{{strings.Repeat("x", 101), "nickname-too-long"}, {"B\u202eep", "nickname-invalid"}} {
				body := map[string]any{"accountId": id, "nickname": refused.nickname}
				r := h.adminClient.with("Accept-Language", language).command("ChangeDetails", body).refused(t, http.StatusUnprocessableEntity, refused.code)
				same(t, r.Errors[0].Pointer, "/nickname")
				same(t, r.Errors[0].Detail, says[i])
			}
		}
		same(t, one("")["nickname"], any("Bets"))
	})
	t.Run("changes nothing when it is so already", func(t *testing.T) {
		same(t, len(h.adminClient.run("ChangeDetails", map[string]any{"accountId": id, "nickname": "Bets"}).Events), 0)
	})
}
