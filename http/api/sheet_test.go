package api_test

import (
	"encoding/csv"
	"mime"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sleutelbos/internal/app/apptest"
)

// sheet is a list as a spreadsheet opens it.
type sheet struct {
	answer
	file  string
	heads []string
	rows  [][]string
}

func (c *client) sheet(path string) sheet {
	c.s.t.Helper()
	a := c.fresh("/api/v1" + path)
	same(c.s.t, a.status, http.StatusOK)
	text, marked := strings.CutPrefix(string(a.body), "\ufeff")
	if !marked {
		c.s.t.Fatalf("%s has no mark before it: %s", path, text)
	}
	table := csv.NewReader(strings.NewReader(text))
	table.Comma = ';'
	rows, err := table.ReadAll()
	must(c.s.t, err)
	_, disposition, err := mime.ParseMediaType(a.header.Get("Content-Disposition"))
	must(c.s.t, err)
	return sheet{a, disposition["filename"], rows[0], rows[1:]}
}

// cell returns what a row has under a head.
func (s sheet) cell(t *testing.T, row int, head string) string {
	t.Helper()
	at := slices.Index(s.heads, head)
	if at < 0 {
		t.Fatalf("no column %q among %q", head, s.heads)
	}
	return s.rows[row][at]
}

func amsterdam(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	must(t, err)
	return zone
}

func TestF31_ListsForPeople(t *testing.T) {
	t.Parallel() // it waits
	s := newStack(t)
	h := s.house("Noord")
	license := h.adminClient.run("RegisterLicense", map[string]any{"organizationId": h.organization, "name": "NEN 7513", "shownInSelection": true}).Result["licenseId"].(string)
	request := h.userClient.run("RequestLicense", map[string]any{"accountId": h.user, "licenseId": license, "reason": "voor; de audit"}).Result["requestId"].(string)
	h.adminClient.run("ApproveLicense", map[string]any{"requestId": request})
	h.adminClient.run("ChangeDetails", map[string]any{"accountId": h.user, "name": "Zoë Çelik"})
	h.adminClient.run("SetValidUntil", map[string]any{"accountId": h.user, "validUntil": "2031-02-01"})
	dutch, english := h.adminClient.with("Accept-Language", "nl"), h.adminClient.with("Accept-Language", "en")

	t.Run("say words and dates in the reader's language, and names beside ids", func(t *testing.T) {
		nl := dutch.sheet("/accounts?format=spreadsheet&q=user@noord.nl")
		same(t, nl.header.Get("Content-Language"), "nl")
		same(t, nl.cell(t, 0, "Naam"), "Zoë Çelik")
		same(t, nl.cell(t, 0, "Geldig tot en met"), "01-02-2031")
		same(t, nl.cell(t, 0, "Geblokkeerd"), "nee")
		same(t, nl.cell(t, 0, "Rol"), "gebruiker")
		same(t, nl.cell(t, 0, "Licenties"), "NEN 7513")
		same(t, nl.cell(t, 0, "Licenties (id)"), license)
		en := english.sheet("/accounts?format=spreadsheet&q=user@noord.nl")
		same(t, en.cell(t, 0, "Valid until"), "2031-02-01")
		same(t, en.cell(t, 0, "Role"), "user")
	})
	t.Run("say times in the zone of the organization", func(t *testing.T) {
		row := parse[page](t, dutch.get("/api/v1/accounts?q=user@noord.nl")).Items[0]
		sheet := dutch.sheet("/accounts?format=spreadsheet&q=user@noord.nl")
		at, err := time.Parse(time.RFC3339, row["createdAt"].(string))
		must(t, err)
		same(t, sheet.cell(t, 0, "Aangemaakt (Europe/Amsterdam)"), at.In(amsterdam(t)).Format("02-01-2006 15:04:05"))
	})
	t.Run("say who decided, once", func(t *testing.T) {
		nl := dutch.sheet("/license-requests?format=spreadsheet")
		same(t, nl.cell(t, 0, "Besloten door"), "Admin Noord")
		same(t, nl.cell(t, 0, "Besloten door (id)"), h.admin)
		same(t, nl.cell(t, 0, "Status"), "goedgekeurd")
		same(t, h.userClient.with("Accept-Language", "nl").sheet("/license-requests?format=spreadsheet").cell(t, 0, "Besloten door"), "")
	})
	t.Run("say what changed in a history", func(t *testing.T) {
		nl := dutch.sheet("/accounts/" + h.user + "/history?format=spreadsheet&sort=-position&type=account.validity_set.*,account.created.*")
		same(t, nl.cell(t, 0, "Wat er gebeurde"), "Admin Noord maakte het account geldig tot en met 1 feb 2031")
		same(t, nl.cell(t, 0, "Organisatie"), "Noord")
		same(t, nl.cell(t, 0, "Uitkomst"), "gelukt")
		if changes := nl.cell(t, 0, "Wijzigingen"); !strings.Contains(changes, "geldig tot en met:  → 01-02-2031") {
			t.Errorf("the changes are told as %q", changes)
		}
	})
	t.Run("have names that say what they are", func(t *testing.T) {
		day := apptest.Noon.Format(time.DateOnly)
		same(t, dutch.sheet("/accounts?format=spreadsheet").file, "Gebruikers Noord "+day+".csv")
		same(t, english.sheet("/accounts/"+h.user+"/history?format=spreadsheet").file, "History of an account Zoë Çelik "+day+".csv")
	})
	t.Run("refuse what lies outside", func(t *testing.T) {
		other := s.house("Zuid")
		h.adminClient.get("/api/v1/accounts/"+other.user+"/history?format=spreadsheet").refused(t, 404, "account-not-found")
		h.adminClient.get("/api/v1/accounts?format=spreadsheet&organizationId="+other.organization).refused(t, 404, "organization-not-found")
	})
}
