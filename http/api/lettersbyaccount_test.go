package api_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"
)

func TestLettersByAccount(t *testing.T) {
	s := newStack(t)
	noord, zuid := s.house("Noord"), s.house("Zuid")
	const path = "/api/v1/letters-by-account"
	letterFor := func(name string) (account, letter string) {
		account = noord.adminClient.run("CreateAccount", map[string]any{
			"organizationId": noord.organization, "username": strings.ToLower(name) + "@noord.nl", "name": name, "role": "user", "channel": "mail_link_and_letter_code",
		}).Result["accountId"].(string)
		noord.adminClient.run("SendActivation", map[string]any{"accountId": account})
		return account, s.first(noord.adminClient, "/api/v1/letters?accountId="+account)
	}
	printed, letter := letterFor("Piet")
	s.advance(time.Hour)
	waiting, _ := letterFor("Wim")
	noord.adminClient.run("MarkLetterPrinted", map[string]any{"letterId": letter})
	noord.adminClient.run("MarkLetterSent", map[string]any{"letterId": letter})

	t.Run("counts what became of each account's letters", func(t *testing.T) {
		same(t, noord.adminClient.list(path+"?sort=name"), []map[string]any{
			{
				"accountId": printed, "organizationId": noord.organization, "organizationName": "Noord", "username": "piet@noord.nl", "name": "Piet",
				"made": 1.0, "printed": 1.0, "sent": 1.0, "invalid": 0.0, "waiting": 0.0, "lastLetterAt": "2026-03-14T12:00:00Z",
			},
			{
				"accountId": waiting, "organizationId": noord.organization, "organizationName": "Noord", "username": "wim@noord.nl", "name": "Wim",
				"made": 1.0, "printed": 0.0, "sent": 0.0, "invalid": 0.0, "waiting": 1.0, "lastLetterAt": "2026-03-14T13:00:00Z",
			},
		})
	})
	t.Run("filters, sorts and searches", func(t *testing.T) {
		for query, want := range map[string]string{"waiting=true": waiting, "waiting=false": printed, "q=piet": printed, "sort=-waiting&limit=1": waiting, "sort=-lastLetterAt&limit=1": waiting} {
			items := noord.adminClient.list(path + "?" + query)
			if len(items) != 1 || items[0]["accountId"] != want {
				t.Errorf("%s: %v", query, items)
			}
		}
	})
	t.Run("is a CSV, too", func(t *testing.T) {
		rows, err := csv.NewReader(strings.NewReader(string(noord.adminClient.fresh(path + "?format=csv&waiting=true").body))).ReadAll()
		must(t, err)
		same(t, rows, [][]string{
			{"accountId", "organizationId", "organizationName", "username", "name", "made", "printed", "sent", "invalid", "waiting", "lastLetterAt"},
			{waiting, noord.organization, "Noord", "wim@noord.nl", "Wim", "1", "0", "0", "0", "1", "2026-03-14T13:00:00Z"},
		})
	})
	t.Run("shows what the letters show, and to whom", func(t *testing.T) {
		same(t, len(zuid.adminClient.list(path)), 0)
		zuid.adminClient.get(path+"?organizationId="+noord.organization).refused(t, 404, "organization-not-found")
		noord.userClient.get(path).refused(t, 403, "no-right")
		s.stranger().get(path).refused(t, 401, "not-signed-in")
		same(t, len(s.platform().list(path+"?organizationId="+noord.organization)), 2)
	})
	t.Run("refuses what it does not know, and has no page of one", func(t *testing.T) {
		for _, query := range []string{"waiting=perhaps", "sort=username", "organizationId=nonsense"} {
			noord.adminClient.get(path+"?"+query).refused(t, 400, "parameter-invalid")
		}
		noord.adminClient.get(path+"?kind=activation_code").refused(t, 400, "parameter-unknown")
		said := func(language string) string {
			return noord.adminClient.with("Accept-Language", language).get(path+"?waiting=perhaps").refused(t, 400, "parameter-invalid").Detail
		}
		if said("nl") == said("en") {
			t.Errorf("both languages say %q", said("en"))
		}
		if got := noord.adminClient.get(path + "/" + printed); got.status != 404 {
			t.Errorf("one of them: %d", got.status)
		}
	})
}
