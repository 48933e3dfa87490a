package api_test

import (
	"encoding/csv"
	"net/http"
	"regexp"
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

// shielded is a house with an account of an internal employee whose contact data were set before
// and changed after the shield, and those who look at it.
type shielded struct {
	house
	id                                        string
	holder, compliance, provider, robot, root *client
}

// The contact data of the employee, of which each begins with a word that nothing else holds.
const (
	kanariesNickname, kanariesMail, kanariesPhone  = "Kanarie", "kanarie@thuis.example", "+31 987 6543"
	kanariesText                                   = "Kanarie zit in kamer 4"
	kanariesStreet, kanariesPostcode, kanariesCity = "Kanarielaan 4", "Kanarie 35", "Kanarias"
)

func (s *stack) shielded() shielded {
	s.t.Helper()
	x := shielded{house: s.house("Noord"), root: s.platform()}
	x.id = x.adminClient.run("CreateAccount", map[string]any{
		"organizationId": x.organization, "username": "iris", "name": "Iris", "role": "user", "channel": "admin_password",
		"password": goodPassword, "keepPassword": true, "nickname": kanariesNickname, "email": kanariesMail, "phone": kanariesPhone, "country": "BE", "description": kanariesText,
		"street": kanariesStreet, "postcode": kanariesPostcode, "city": kanariesCity, "postalCountry": "ES",
	}).Result["accountId"].(string)
	s.advance(time.Hour)
	before := s.head()
	license := x.adminClient.run("RegisterLicense", map[string]any{"organizationId": x.organization, "name": "Kluis", "shownInSelection": true}).Result["licenseId"]
	request := x.adminClient.run("RequestLicense", map[string]any{"accountId": x.id, "licenseId": license}).Result["requestId"]
	x.adminClient.run("ApproveLicense", map[string]any{"requestId": request}) // a mail tells the holder
	s.eventually("message.queued.v1", before)
	s.advance(time.Hour)
	x.adminClient.run("ShieldAccount", map[string]any{"accountId": x.id, "reason": "werkt bij ons"})
	s.advance(time.Hour)
	x.adminClient.run("ChangeDetails", map[string]any{
		"accountId": x.id, "nickname": kanariesNickname + " 2", "email": "2" + kanariesMail, "phone": kanariesPhone + " 2", "country": "NL", "description": kanariesText + " 2",
		"street": kanariesStreet + "2", "postcode": kanariesPostcode + "2", "city": kanariesCity + " 2", "postalCountry": "PT",
	})
	x.holder = s.signIn("iris", goodPassword)
	x.compliance = s.colleague(x.house, "toezicht@noord.nl", "compliance")
	s.platform().run("CreateAccount", map[string]any{
		"organizationId": "00000000-0000-7000-8000-000000000001", "username": "toezicht@sleutelbos.nl", "name": "Toezicht", "role": "compliance",
		"channel": "admin_password", "password": goodPassword, "keepPassword": true,
	})
	x.provider = s.signIn("toezicht@sleutelbos.nl", goodPassword)
	robot := x.adminClient.run("CreateAccount", map[string]any{
		"organizationId": x.organization, "username": "robot", "name": "Robot", "role": "service", "channel": "admin_password",
	}).Result["accountId"].(string)
	x.robot = &client{s: s, key: x.adminClient.run("IssueApiKey", map[string]any{"accountId": robot, "name": "koppeling"}).Result["key"].(string)}
	return x
}

// tellings are the queries that tell what is known of the holder.
func (x shielded) tellings(mail string) []string {
	account := "/api/v1/accounts/" + x.id
	return []string{
		"/api/v1/accounts", "/api/v1/accounts?format=csv", account, account + "/history", account + "/history?format=csv",
		account + "/as-of?revision=0", account + "/as-of?at=2026-03-14T13:00:00Z", account + "/replay",
		account + "/compare?from=1&to=2026-03-14T15:00:00Z", "/api/v1/audit", "/api/v1/audit?format=csv",
		"/api/v1/messages", "/api/v1/messages?format=csv", "/api/v1/messages/" + mail, "/api/v1/messages/" + mail + "/history",
		"/api/v1/accounts?format=spreadsheet", account + "/history?format=spreadsheet", "/api/v1/audit?format=spreadsheet", "/api/v1/messages?format=spreadsheet",
		"/api/v1/events?follow=false",
	}
}

// TestShielded asks everything that tells of an account for the contact data of an internal
// employee, as they were and as they are.
func TestShielded(t *testing.T) {
	s := newStack(t)
	x := s.shielded()
	mail := x.adminClient.list("/api/v1/messages?accountId=" + x.id)[0]["id"].(string)
	canary := regexp.MustCompile(`(?i)kanarie|987 6543`)
	for _, path := range x.tellings(mail) {
		for name, c := range map[string]*client{"compliance": x.compliance, "the provider's compliance": x.provider, "a service account": x.robot} {
			a := c.read(path)
			if a.status == http.StatusForbidden && c == x.robot && !strings.HasPrefix(path, "/api/v1/accounts") {
				continue // it has no right to mails and to the log
			}
			if told := canary.FindString(string(a.body)); a.status != http.StatusOK || told != "" {
				t.Errorf("%s asks %s: %d, %q", name, path, a.status, told)
			}
			if text := string(a.body); !strings.Contains(text, "Iris") && !strings.Contains(text, x.id) {
				t.Errorf("%s asks %s and learns nothing of the account", name, path)
			}
		}
		for name, c := range map[string]*client{"an administrator": x.adminClient, "the provider": x.root, "the holder": x.holder} {
			a := c.read(path)
			if c == x.holder && a.status == http.StatusForbidden && !strings.HasPrefix(path, "/api/v1/accounts") {
				continue
			}
			if a.status != http.StatusOK || !canary.Match(a.body) {
				t.Errorf("%s asks %s and learns nothing: %d %s", name, path, a.status, a.body)
			}
		}
	}

	t.Run("what is empty is null, and the fact is told", func(t *testing.T) {
		row := parse[map[string]any](t, x.compliance.fresh("/api/v1/accounts/"+x.id))
		for _, name := range []string{"nickname", "email", "phone", "country", "description", "street", "postcode", "city", "postalCountry"} {
			same(t, row[name], nil)
		}
		for _, name := range []string{"street", "postcode", "city", "postalCountry"} {
			same(t, parse[map[string]any](t, x.adminClient.fresh("/api/v1/accounts/"+x.id))[name] != nil, true)
		}
		same(t, row["internalEmployee"], any(true))
		same(t, row["name"], any("Iris"))
		same(t, parse[map[string]any](t, x.compliance.fresh("/api/v1/messages/"+mail))["to"], nil)
		line := x.compliance.list("/api/v1/accounts/" + x.id + "/history?type=account.country_changed.v1")[0]
		same(t, line["changes"], any([]any{map[string]any{"field": "country", "old": nil, "new": nil}}))
		for _, e := range append(x.compliance.events("account.country_changed.v1"), x.compliance.events("account.postal_address_changed.v1")...) {
			same(t, e["data"], any(map[string]any{}))
		}
	})
	t.Run("nothing is found by asking for it", func(t *testing.T) {
		has := func(c *client, query string) bool {
			return slices.ContainsFunc(c.list(query), func(item map[string]any) bool { return item["id"] == any(x.id) || item["accountId"] == any(x.id) })
		}
		for _, c := range []*client{x.compliance, x.provider, x.robot} {
			same(t, has(c, "/api/v1/accounts?hasNickname=true"), false)
			same(t, has(c, "/api/v1/accounts?hasNickname=false"), true)
			same(t, has(c, "/api/v1/accounts?hasPostalAddress=true"), false)
			same(t, has(c, "/api/v1/accounts?q=kanarielaan"), false)
		}
		same(t, has(x.adminClient, "/api/v1/accounts?hasNickname=true"), true)
		same(t, has(x.adminClient, "/api/v1/accounts?hasNickname=false"), false)
		same(t, has(x.adminClient, "/api/v1/accounts?hasPostalAddress=true"), true)
		same(t, has(x.adminClient, "/api/v1/accounts?q=kanarielaan"), true)
		same(t, has(x.adminClient, "/api/v1/messages?q=kanarie"), true)
		same(t, has(x.compliance, "/api/v1/messages?q=kanarie"), false)
		same(t, has(x.compliance, "/api/v1/messages"), true)
	})
	t.Run("who may not see it may not change it, nor lift the shield", func(t *testing.T) {
		x.robot.with("Dry-Run", "true").command("ChangeDetails", map[string]any{"accountId": x.id, "country": "NL"}).refused(t, http.StatusForbidden, "no-right")
		x.robot.command("UnshieldAccount", map[string]any{"accountId": x.id}).refused(t, http.StatusForbidden, "no-right")
		x.robot.run("ChangeDetails", map[string]any{"accountId": x.id, "name": "Iris Meer"})
		x.robot.run("ChangeDetails", map[string]any{"accountId": x.user, "country": "NL"})
	})
	t.Run("it is shown again once the shield is lifted", func(t *testing.T) {
		x.adminClient.run("UnshieldAccount", map[string]any{"accountId": x.id})
		for _, path := range x.tellings(mail) {
			if a := x.compliance.read(path); !canary.Match(a.body) {
				t.Errorf("%s: %d %s", path, a.status, a.body)
			}
		}
	})
}

// read asks a query that reflects everything so far; the feed does so by itself.
func (c *client) read(path string) answer {
	c.s.t.Helper()
	if strings.HasPrefix(path, "/api/v1/events") {
		return c.get(path)
	}
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return c.get(path + separator + "minPosition=" + c.s.head().String())
}

// events returns those of a type that the feed has.
func (c *client) events(name string) []map[string]any {
	c.s.t.Helper()
	_, events := c.follow("?follow=false&types="+name, 0)
	return events
}
