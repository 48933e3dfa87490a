package ui_test

import (
	"net/http"
	"strings"
	"testing"
)

// TestNickname follows a field of an account that may be empty through the pages.
func TestNickname(t *testing.T) {
	s := newSite(t)
	h := s.house("holland", "klic")
	b := s.signIn("admin@holland.nl", goodPassword, "nl")
	id := b.open("/accounts/new").says(t, "Roepnaam").hidden(t, "accountId")
	b.post("/accounts/new", "accountId", id, "organizationId", h.id, "name", "Elisabeth Smit", "nickname", "Bep", "username", "bep@holland.nl",
		"role", "user", "channel", "mail_link").leads(t, "/accounts/"+id)
	account := "/accounts/" + id
	b.open(account).says(t, "roepnaam", "Bep")
	change := func(nickname string) page {
		t.Helper()
		revision := b.open(account+"/edit").hidden(t, "revision")
		return b.post(account+"/edit", "revision", revision, "name", "Elisabeth Smit", "nickname", nickname)
	}

	t.Run("is a column and a filter for who chooses it", func(t *testing.T) {
		b.open("/accounts").hides(t, `data-label="Roepnaam"`)
		b.post("/accounts/columns", "column", "nickname", "next", "/accounts").leads(t, "/accounts")
		p := b.open("/accounts?hasNickname=true").says(t, `data-label="Roepnaam"`, "Bep", "Met roepnaam", "Meer filters").hides(t, "Roepnaam: ja")
		same(t, p.rows(), []string{id})
		b.open("/accounts?hasNickname=false").says(t, `<td data-label="Roepnaam"><span class="quiet nothing">–</span></td>`)
	})
	t.Run("is refused where it is too long, and kept for another try", func(t *testing.T) {
		for language, says := range map[string]string{"nl": "Dit is te lang.", "en": "This is too long."} {
			b := s.signIn("admin@holland.nl", goodPassword, language)
			long := strings.Repeat("Bep", 40)
			p := b.post(account+"/edit", "revision", b.open(account+"/edit").hidden(t, "revision"), "name", "Elisabeth Smit", "nickname", long)
			if p.status != http.StatusUnprocessableEntity {
				t.Fatalf("got %d", p.status)
			}
			p.says(t, says, `value="`+long+`" autocomplete="off" maxlength="100" aria-invalid="true"`)
		}
	})
	t.Run("is changed and taken away", func(t *testing.T) {
		change("Bé").leads(t, account)
		b.open(account).says(t, "Bé")
		change("").leads(t, account)
		b.open(account).hides(t, "Bé")
		b.open(account+"/history").says(t, "wijzigde de roepnaam", "Bep", "Bé")
	})
}
