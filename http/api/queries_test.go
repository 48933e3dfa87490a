package api_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestLists(t *testing.T) {
	t.Parallel() // it waits
	s := newStack(t)
	h := s.house("Noord")
	other := s.house("Zuid")
	names := []string{"Anna", "Bram", "Cor", "Daan", "Eva"}
	for i, name := range names {
		made := h.adminClient.run("CreateAccount", map[string]any{
			"organizationId": h.organization, "username": strings.ToLower(name) + "@noord.nl", "name": name, "role": "user", "channel": "mail_link",
		})
		if i < 2 {
			h.adminClient.run("SendActivation", map[string]any{"accountId": made.Result["accountId"]})
		}
	}

	t.Run("pages by cursor, without gaps or doubles", func(t *testing.T) {
		var got []string
		path := "/api/v1/accounts?sort=-name&limit=3&q=noord"
		first := parse[page](t, h.adminClient.fresh(path))
		same(t, first.Total, int64(7))
		for p := first; ; p = parse[page](t, h.adminClient.get(path+"&cursor="+*p.Next)) {
			for _, item := range p.Items {
				got = append(got, item["name"].(string))
			}
			if p.Next == nil {
				break
			}
		}
		same(t, got, []string{"User Noord", "Eva", "Daan", "Cor", "Bram", "Anna", "Admin Noord"})
	})
	t.Run("filters and searches", func(t *testing.T) {
		same(t, len(h.adminClient.list("/api/v1/accounts?activation=sent")), 2)
		same(t, len(h.adminClient.list("/api/v1/accounts?activation=not_sent")), 3)
		same(t, len(h.adminClient.list("/api/v1/accounts?role=admin")), 1)
		same(t, len(h.adminClient.list("/api/v1/accounts?canLogIn=true")), 2)
		same(t, h.adminClient.list("/api/v1/accounts?q=ev")[0]["name"], any("Eva"))
	})
	t.Run("stays within the organization", func(t *testing.T) {
		same(t, len(h.adminClient.list("/api/v1/accounts?q=zuid")), 0)
		before := s.head()
		h.adminClient.get("/api/v1/accounts?organizationId="+other.organization).refused(t, 404, "organization-not-found")
		s.eventually("refusal.recorded.v1", before)
		same(t, len(s.platform().list("/api/v1/accounts?organizationId="+other.organization)), 2)
	})
	t.Run("shows a holder only the own account", func(t *testing.T) {
		items := h.userClient.list("/api/v1/accounts")
		same(t, len(items), 1)
		same(t, items[0]["id"], any(h.user))
	})
	t.Run("as CSV is whole, with harmless cells", func(t *testing.T) {
		h.adminClient.run("ChangeDetails", map[string]any{"accountId": h.user, "name": "=cmd()"})
		a := h.adminClient.fresh("/api/v1/accounts?format=csv&sort=name&limit=2")
		same(t, a.header.Get("Content-Type"), "text/csv; charset=utf-8; header=present")
		rows, err := csv.NewReader(strings.NewReader(string(a.body))).ReadAll()
		must(t, err)
		same(t, len(rows), 8)
		same(t, rows[0][:5], []string{"id", "organizationId", "organizationName", "username", "name"})
		if !strings.Contains(string(a.body), ",'=cmd(),") {
			t.Errorf("a formula is not harmless: %s", a.body)
		}
	})
	t.Run("as CSV has no formula behind a separator either", func(t *testing.T) {
		h.adminClient.run("ChangeDetails", map[string]any{"accountId": h.user, "name": "Jan;=1+1;x"})
		if a := h.adminClient.fresh("/api/v1/accounts?format=csv"); !strings.Contains(string(a.body), ",Jan;'=1+1;x,") {
			t.Errorf("a formula behind a semicolon is not harmless: %s", a.body)
		}
	})
	t.Run("answers every row member of the contract", func(t *testing.T) {
		item := h.adminClient.list("/api/v1/accounts?limit=1")[0]
		for _, name := range strings.Fields(`id organizationId organizationName username name role activation activationChannel activationSentAt
			activationSentCount activationExpiresAt activatedAt enabled blocked blockedReason locked expired validUntil closed canLogIn badge licenses
			createdAt changedAt revision`) {
			if _, ok := item[name]; !ok {
				t.Errorf("%s is missing", name)
			}
		}
	})
	t.Run("refuses what it does not know", func(t *testing.T) {
		for query, code := range map[string]string{
			"color=red": "parameter-unknown", "limit=501": "parameter-invalid", "limit=x": "parameter-invalid", "sort=password": "parameter-invalid",
			"blocked=maybe": "parameter-invalid", "role=king": "parameter-invalid", "limit=1&limit=2": "parameter-invalid", "q=%01": "parameter-invalid",
			"minPosition=-1": "parameter-invalid", "cursor=CANARY": "cursor-invalid", "access_token=CANARY": "token-in-url",
		} {
			a := h.adminClient.get("/api/v1/accounts?" + query)
			a.refused(t, 400, code)
			if strings.Contains(string(a.body), "CANARY") {
				t.Errorf("%s is repeated: %s", query, a.body)
			}
		}
	})
	t.Run("waits for what is not there yet, and says so", func(t *testing.T) {
		began := time.Now()
		a := h.adminClient.get("/api/v1/accounts?minPosition=999999999")
		a.refused(t, 503, "read-model-behind")
		if took := time.Since(began); a.header.Get("Retry-After") == "" || took > 20*time.Second || took < 4*time.Second {
			t.Errorf("after %s, Retry-After %q", took, a.header.Get("Retry-After"))
		}
	})
}

func TestCursorsCannotBeForgedOrCarriedOver(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	colleague := s.colleague(h, "chef@noord.nl", "admin")
	first := parse[page](t, h.adminClient.fresh("/api/v1/accounts?limit=1"))
	next := *first.Next
	same(t, h.adminClient.get("/api/v1/accounts?limit=2&cursor="+next).status, 200)
	for name, ask := range map[string]func() answer{
		"by another asker":     func() answer { return colleague.get("/api/v1/accounts?limit=1&cursor=" + next) },
		"for another order":    func() answer { return h.adminClient.get("/api/v1/accounts?limit=1&sort=-name&cursor=" + next) },
		"for another filter":   func() answer { return h.adminClient.get("/api/v1/accounts?limit=1&blocked=true&cursor=" + next) },
		"for another list":     func() answer { return h.adminClient.get("/api/v1/licenses?limit=1&cursor=" + next) },
		"with a byte changed":  func() answer { return h.adminClient.get("/api/v1/accounts?limit=1&cursor=" + flip(next)) },
		"cut off":              func() answer { return h.adminClient.get("/api/v1/accounts?limit=1&cursor=" + next[:20]) },
		"with something added": func() answer { return h.adminClient.get("/api/v1/accounts?limit=1&cursor=" + next + "AAAA") },
	} {
		t.Run(name, func(t *testing.T) { ask().refused(t, 400, "cursor-invalid") })
	}
}

// flip changes the last byte but one, whose every bit counts.
func flip(text string) string {
	b := []byte(text)
	if i := len(b) - 4; b[i] == 'A' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

func TestHistory(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	s.advance(time.Hour)
	h.adminClient.with("User-Agent", "Browser/1").run("BlockAccount", map[string]any{"accountId": h.user, "reason": "misbruik gemeld"})
	s.advance(time.Hour)
	h.adminClient.run("ChangeDetails", map[string]any{"accountId": h.user, "name": "Nieuwe Naam"})
	path := "/api/v1/accounts/" + h.user

	t.Run("says in the reader's language who, from where, why, old and new", func(t *testing.T) {
		items := parse[page](t, h.adminClient.with("Accept-Language", "nl").fresh(path+"/history")).Items
		line := items[len(items)-2]
		same(t, line["text"], any("Admin Noord blokkeerde het account: misbruik gemeld"))
		same(t, line["at"], any("2026-03-14T13:00:00Z"))
		same(t, line["reason"], any("misbruik gemeld"))
		same(t, line["actor"], any(map[string]any{"kind": "account", "id": h.admin, "name": "Admin Noord"}))
		same(t, line["origin"], any(map[string]any{"channel": "api", "address": "127.0.0.1", "userAgent": "Browser/1"}))
		same(t, items[len(items)-1]["changes"], any([]any{map[string]any{"field": "name", "old": "User Noord", "new": "Nieuwe Naam"}}))
	})
	t.Run("as of a time and a revision is the account then", func(t *testing.T) {
		at := func(query string) map[string]any {
			return parse[map[string]any](t, h.adminClient.fresh(path+"/as-of?"+query))
		}
		same(t, at("at=2026-03-14T12:30:00Z")["blocked"], any(false))
		same(t, at("at=2026-03-14T13:00:00Z")["blocked"], any(true))
		same(t, at("revision=2")["blocked"], any(false))
		same(t, at("revision=3")["blocked"], any(true))
		now := at("at=2026-03-14T14:00:00Z")
		same(t, now, parse[map[string]any](t, h.adminClient.fresh(path)))
		h.adminClient.get(path+"/as-of?at=2020-01-01").refused(t, 404, "account-not-found")
		h.adminClient.get(path+"/as-of?revision=99").refused(t, 404, "revision-unknown")
		h.adminClient.get(path+"/as-of").refused(t, 400, "parameter-invalid")
	})
	t.Run("replays every step", func(t *testing.T) {
		lines := strings.Split(strings.TrimSpace(string(h.adminClient.fresh(path+"/replay").body)), "\n")
		same(t, len(lines), 6) // created, password, activated, signed in, blocked, renamed
		step := parse[map[string]any](t, answer{body: []byte(lines[4])})
		same(t, step["before"].(map[string]any)["blocked"], any(false))
		same(t, step["after"].(map[string]any)["blocked"], any(true))
		same(t, step["event"].(map[string]any)["type"], any("account.blocked.v1"))
		last := parse[map[string]any](t, answer{body: []byte(lines[5])})
		same(t, last["after"], any(parse[map[string]any](t, h.adminClient.fresh(path))))
		same(t, last["changes"], any([]any{map[string]any{"field": "name", "old": "User Noord", "new": "Nieuwe Naam"}}))
	})
	t.Run("compares two moments", func(t *testing.T) {
		c := parse[map[string]any](t, h.adminClient.fresh(path+"/compare?from=3&to=2026-03-14T14:00:00Z"))
		same(t, c["differences"], any([]any{map[string]any{"field": "name", "old": "User Noord", "new": "Nieuwe Naam"}}))
		same(t, len(c["events"].([]any)), 1)
	})
	t.Run("keeps from the holder who acted", func(t *testing.T) {
		h.adminClient.run("UnblockAccount", map[string]any{"accountId": h.user})
		user := s.signIn("user@noord.nl", goodPassword)
		a := user.fresh(path + "/history")
		if strings.Contains(string(a.body), "Admin Noord") || strings.Contains(string(a.body), h.admin) {
			t.Errorf("the holder sees who acted: %s", a.body)
		}
		if !strings.Contains(string(a.body), "An administrator blocked the account: misbruik gemeld") {
			t.Errorf("the holder does not see what happened: %s", a.body)
		}
	})
	t.Run("the audit finds it by actor, subject, type and outcome, the newest first", func(t *testing.T) {
		items := h.adminClient.list("/api/v1/audit?type=account.*&subject=" + h.user + "&actor=" + h.admin)
		var types []any
		for _, item := range items {
			types = append(types, item["type"])
		}
		same(t, types, []any{"account.unblocked.v1", "account.name_changed.v1", "account.blocked.v1"})
		s.signIn("user@noord.nl", goodPassword).get("/api/v1/audit").refused(t, 403, "no-right")
		same(t, len(h.adminClient.list("/api/v1/audit?q=nieuwe&type=account.blocked.v1")), 1)
		same(t, len(h.adminClient.list("/api/v1/audit?q=nobody")), 0)
		about := "/api/v1/audit?type=organization.registered.v1&subject="
		same(t, len(h.adminClient.list(about+h.organization)), 1)
		same(t, len(h.adminClient.list(about+"organization-"+h.organization)), 1)
		same(t, len(h.adminClient.list(about+h.user)), 0)
		same(t, len(h.adminClient.list("/api/v1/audit?subject=01890a5d-ac96-774b-bcce-b302099a8057")), 0)
		refusals := h.adminClient.list("/api/v1/audit?outcome=refused")
		if len(refusals) == 0 {
			t.Error("the refusal is not in the audit")
		}
	})
}

func TestLicenseRequestsTellTheDecisionAndNotTheDecider(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	license := h.adminClient.run("RegisterLicense", map[string]any{"organizationId": h.organization, "name": "NEN 7513", "shownInSelection": true}).Result["licenseId"]
	request := h.userClient.run("RequestLicense", map[string]any{"accountId": h.user, "licenseId": license, "reason": "voor de audit"}).Result["requestId"].(string)
	h.adminClient.run("RejectLicense", map[string]any{"requestId": request, "reason": "te duur"})
	asUser := h.userClient.list("/api/v1/license-requests")[0]
	same(t, asUser["status"], any("rejected"))
	same(t, asUser["decisionReason"], any("te duur"))
	for _, path := range []string{"/license-requests", "/license-requests/" + request, "/license-requests/" + request + "/history", "/accounts/" + h.user + "/history"} {
		a := h.userClient.fresh("/api/v1" + path)
		if strings.Contains(string(a.body), h.admin) || strings.Contains(string(a.body), "Admin Noord") {
			t.Errorf("%s tells who decided: %s", path, a.body)
		}
	}
	asAdmin := h.adminClient.list("/api/v1/license-requests?status=rejected")[0]
	same(t, asAdmin["decidedBy"], any(h.admin))
}

func TestMe(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	h.adminClient.run("SetPassword", map[string]any{"accountId": h.user, "password": goodPassword + "x"})
	user := s.signIn("user@noord.nl", goodPassword+"x")
	me := parse[map[string]any](t, user.fresh("/api/v1/me"))
	same(t, me["mustDo"], any([]any{"choose_password"}))
	same(t, me["rights"], any(map[string]any{"OwnAccount": "self"}))
	user.get("/api/v1/accounts").refused(t, 403, "password-change-required")
	cookie := user.jar.Cookies(must1(url.Parse(s.Server.URL)))[0].Value
	user.run("ChangePassword", map[string]any{"currentPassword": goodPassword + "x", "password": goodPassword + "y"})
	if user.jar.Cookies(must1(url.Parse(s.Server.URL)))[0].Value == cookie {
		t.Error("the session kept its token after a change of password")
	}
	me = parse[map[string]any](t, user.fresh("/api/v1/me"))
	same(t, me["mustDo"], any([]any{}))
	same(t, me["account"].(map[string]any)["username"], any("user@noord.nl"))
}

func must1[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestProjections(t *testing.T) {
	s := newStack(t)
	var names []string
	for _, item := range parse[page](t, s.platform().get("/api/v1/projections")).Items {
		if item["reactor"] == false {
			names = append(names, item["name"].(string))
		}
	}
	same(t, names, s.Runner.Names())
	a := s.platform().do(http.MethodPost, "/api/v1/projections/account_list_v1/rebuild", "")
	same(t, a.status, http.StatusAccepted)
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(s.Logged.String(), `"msg":"rebuilt"`); time.Sleep(5 * time.Millisecond) { // polls
		if time.Now().After(deadline) {
			t.Fatal("the rebuild does not end")
		}
	}
	s.platform().do(http.MethodPost, "/api/v1/projections/nonsense/rebuild", "").refused(t, 404, "projection-not-found")
	s.platform().do(http.MethodPost, "/api/v1/projections/mail/rebuild", "").refused(t, 409, "reactor-not-rebuilt")
	h := s.house("Noord")
	h.adminClient.do(http.MethodPost, "/api/v1/projections/account_list_v1/rebuild", "").refused(t, 403, "no-right")
}
