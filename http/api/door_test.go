package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/eventstore"
	"sleutelbos/internal/app/apptest"
	"sleutelbos/internal/limits"
)

// TestSessions holds R-33.
func TestSessions(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")

	t.Run("begin with a new token that no script and no other site gets", func(t *testing.T) {
		a := s.stranger().do(http.MethodPost, "/api/v1/login", `{"username":"admin@noord.nl","password":"`+goodPassword+`"}`)
		cookie := a.header.Get("Set-Cookie")
		for _, part := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("%q lacks %s", cookie, part)
			}
		}
		fixed := s.stranger().with("Cookie", "sleutelbos=chosen-by-another").do(http.MethodPost, "/api/v1/login", `{"username":"admin@noord.nl","password":"`+goodPassword+`"}`)
		if strings.Contains(fixed.header.Get("Set-Cookie"), "chosen-by-another") {
			t.Error("the token from before the login lives on")
		}
	})
	t.Run("end with a logout", func(t *testing.T) {
		c := s.signIn("admin@noord.nl", goodPassword)
		kept := c.jar.Cookies(c.request("GET", "/", "").URL)[0]
		before := s.head()
		same(t, c.do(http.MethodPost, "/api/v1/logout", "").status, 204)
		same(t, s.since(before), []string{"session.ended.v1"})
		s.stranger().with("Cookie", kept.Name+"="+kept.Value).get("/api/v1/me").refused(t, 401, "not-signed-in")
	})
	t.Run("end at once when the account is blocked, and no later than the next request", func(t *testing.T) {
		c := s.colleague(h, "kort@noord.nl", "user")
		me := parse[map[string]any](t, c.get("/api/v1/me"))
		h.adminClient.run("DisableAccount", map[string]any{"accountId": me["id"], "reason": "uit dienst"})
		c.get("/api/v1/me").refused(t, 401, "not-signed-in")
	})
	t.Run("are not opened by a wrong name or password, which look alike", func(t *testing.T) {
		login := func(username string) answer {
			a := s.stranger().do(http.MethodPost, "/api/v1/login", `{"username":"`+username+`","password":"wrong-Password-1"}`)
			a.refused(t, 401, "sign-in-failed")
			return a
		}
		known, unknown := login("admin@noord.nl"), login("nobody@noord.nl")
		strip := func(a answer) map[string]any {
			m := parse[map[string]any](t, a)
			delete(m, "requestId")
			return m
		}
		same(t, strip(known), strip(unknown))
		same(t, known.header.Values("Set-Cookie"), unknown.header.Values("Set-Cookie"))
	})
	t.Run("or keys that are bad are refused", func(t *testing.T) {
		for _, credentials := range []string{"Bearer nonsense", "Bearer ", "Basic YTpi", "nonsense"} {
			s.stranger().with("Authorization", credentials).get("/api/v1/me").refused(t, 401, "not-signed-in")
		}
	})
}

// TestOtherSitesCannotAct holds T22.
func TestOtherSitesCannotAct(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	block := map[string]any{"accountId": h.user, "reason": "van elders"}
	for name, header := range map[string][2]string{
		"another site":     {"Sec-Fetch-Site", "cross-site"},
		"a subdomain":      {"Sec-Fetch-Site", "same-site"},
		"another origin":   {"Origin", "https://evil.example"},
		"no origin at all": {"Origin", "null"},
	} {
		t.Run(name, func(t *testing.T) {
			before := s.head()
			h.adminClient.with(header[0], header[1]).command("BlockAccount", block).refused(t, 403, "cross-origin")
			same(t, s.since(before), []string(nil))
		})
	}
	t.Run("by a method override", func(t *testing.T) {
		a := h.adminClient.with("X-HTTP-Method-Override", "POST").get("/api/v1/commands/BlockAccount")
		a.refused(t, 405, "method-not-allowed")
		same(t, a.header.Get("Allow"), "POST")
	})
}

func TestTheHostIsTheConfiguredOne(t *testing.T) {
	s := newStack(t)
	for _, host := range []string{"evil.example", "a@evil.example", "127.0.0.1.evil.example", "127.0.0.1:1", "[::1", "evil.example:80@127.0.0.1"} {
		a := s.stranger().with("Host", host).get("/openapi.json")
		if a.status != http.StatusMisdirectedRequest && a.status != http.StatusBadRequest {
			t.Errorf("%s: %d", host, a.status)
		}
	}
	for _, header := range []string{"X-Forwarded-Host", "Forwarded", "X-Forwarded-Proto"} {
		a := s.stranger().with(header, "host=evil.example").get("/openapi.json")
		if a.status != 200 || strings.Contains(string(a.body), "evil.example") {
			t.Errorf("%s: %d, or it is repeated", header, a.status)
		}
	}
	// An absolute request line names a host too.
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.Server.URL, "http://"))
	must(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "GET http://evil.example/openapi.json HTTP/1.1\r\nHost: %s\r\n\r\n", strings.TrimPrefix(s.Server.URL, "http://"))
	must(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer resp.Body.Close()
	same(t, resp.StatusCode, http.StatusMisdirectedRequest)
}

func TestTheAddressIsThePeers(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	spoofed := h.adminClient.with("X-Forwarded-For", "203.0.113.9").with("X-Real-Ip", "203.0.113.9")
	spoofed.run("BlockAccount", map[string]any{"accountId": h.user, "reason": "x"})
	items := h.adminClient.list("/api/v1/accounts/" + h.user + "/history?sort=-position&limit=1")
	same(t, items[0]["origin"].(map[string]any)["address"], any("127.0.0.1"))

	behind := newStack(t, func(s *apptest.Setup) { s.Serving.Proxies = []string{"127.0.0.0/8"} })
	h = behind.house("Noord")
	h.adminClient.with("X-Forwarded-For", "1.1.1.1, 203.0.113.9").run("BlockAccount", map[string]any{"accountId": h.user, "reason": "x"})
	items = h.adminClient.list("/api/v1/accounts/" + h.user + "/history?sort=-position&limit=1")
	same(t, items[0]["origin"].(map[string]any)["address"], any("203.0.113.9"))
}

func TestStrangersAreSlowedDown(t *testing.T) {
	s := newStack(t, func(s *apptest.Setup) {
		s.Adjust.Limits = func(m limits.Matrix) {
			m[limits.Secret] = limits.Bounds{ByAddress: limits.Rate{PerMinute: 5, Burst: 5}}
		}
	})
	var last answer
	for range 7 {
		last = s.stranger().do(http.MethodPost, "/api/v1/login", `{"username":"x@noord.nl","password":"wrong"}`)
	}
	last.refused(t, http.StatusTooManyRequests, "too-many-requests")
	if last.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	same(t, s.platform().get("/api/v1/me").status, 200) // who has a key goes on
}

// TestF45_SignedInRequestsAreBounded: by account, on pages as in the API, and sooner for who is
// refused. Others go on.
func TestF45_SignedInRequestsAreBounded(t *testing.T) {
	few := limits.Rate{PerMinute: 1, Burst: 3}
	for name, c := range map[string]struct {
		work   limits.Work
		path   string
		status int
	}{
		"reading in the API":  {limits.Read, "/api/v1/me", http.StatusOK},
		"reading pages":       {limits.Read, "/me", http.StatusOK},
		"refusals in the API": {limits.Refused, "/api/v1/organizations/0199a3f0-0000-7000-8000-0000000000b1", http.StatusNotFound},
		"refusals of pages":   {limits.Refused, "/accounts/0199a3f0-0000-7000-8000-0000000000b1", http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			var matrix limits.Matrix
			s := newStack(t, func(s *apptest.Setup) { s.Adjust.Limits = func(m limits.Matrix) { matrix = m } })
			h := s.house("Grens")
			matrix[c.work] = limits.Bounds{ByAccount: few}
			for range few.Burst {
				same(t, h.userClient.get(c.path).status, c.status)
			}
			a := h.userClient.get(c.path)
			a.refused(t, http.StatusTooManyRequests, "too-many-requests")
			same(t, a.header.Get("Retry-After"), "60")
			same(t, h.adminClient.get(c.path).status != http.StatusTooManyRequests, true)
		})
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := newStack(t)
	for _, path := range []string{"/docs", "/openapi.json", "/api/v1/me", "/nowhere"} {
		a := s.stranger().with("X-Request-Id", "request-12345").get(path)
		csp := a.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		same(t, []string{a.header.Get("X-Content-Type-Options"), a.header.Get("X-Request-Id"), a.header.Get("X-Frame-Options")}, []string{"nosniff", "request-12345", "DENY"})
	}
	if a := s.stranger().with("X-Request-Id", "<script>").get("/docs"); strings.Contains(a.header.Get("X-Request-Id"), "<") {
		t.Error("a request id of the client's own taste is repeated")
	}
	if docs := string(s.stranger().get("/docs").body); strings.Contains(docs, "<script") || strings.Contains(docs, "style=") || !strings.Contains(docs, "BlockAccount") {
		t.Error("the page has inline parts, or lacks a command")
	}
}

func TestAPanicIsAFaultWithoutDetail(t *testing.T) {
	s := newStack(t)
	s.Handler.(*chi.Mux).Get("/boom/{secret}", func(http.ResponseWriter, *http.Request) { panic("CANARY") })
	a := s.stranger().get("/boom/CANARY?CANARY=CANARY")
	a.refused(t, 500, "internal")
	if strings.Contains(string(a.body), "CANARY") || strings.Contains(s.Logged.String(), "CANARY") {
		t.Errorf("the panic is told:\n%s\n%s", a.body, s.Logged)
	}
	if !strings.Contains(s.Logged.String(), `"/boom/{secret}"`) {
		t.Errorf("the log does not name the route:\n%s", s.Logged)
	}
}

// follow reads a feed until its end, or until want events have come.
func (c *client) follow(path string, want int) (ids []string, events []map[string]any) {
	c.s.t.Helper()
	ctx, cancel := context.WithTimeout(c.s.t.Context(), time.Minute)
	defer cancel()
	browser := &http.Client{Jar: c.jar}
	resp, err := browser.Do(c.request(http.MethodGet, "/api/v1/events"+path, "").WithContext(ctx))
	must(c.s.t, err)
	defer resp.Body.Close()
	same(c.s.t, resp.StatusCode, 200)
	same(c.s.t, resp.Header.Get("Content-Type"), "text/event-stream")
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	id := ""
	for lines.Scan() && (want == 0 || len(events) < want) {
		if text, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			id = text
		}
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			var e map[string]any
			must(c.s.t, json.Unmarshal([]byte(text), &e))
			ids, events = append(ids, id), append(events, e)
		}
	}
	return ids, events
}

func TestAFeedOutlivesTheTimeForReadingARequest(t *testing.T) {
	t.Parallel() // it waits
	s := newStack(t, func(s *apptest.Setup) {
		s.HTTP = func(h *http.Server) { h.ReadTimeout, h.WriteTimeout = 300*time.Millisecond, time.Second }
	})
	after := fmt.Sprint(s.head())
	ended := make(chan []map[string]any, 1)
	go func() {
		_, events := s.platform().follow("?types=organization.*&after="+after, 1)
		ended <- events
	}()
	select {
	case <-ended:
		t.Fatal("the feed ended by itself")
	case <-time.After(1500 * time.Millisecond): // longer than both
	}
	s.platform().run("RegisterOrganization", map[string]any{"name": "Noord", "preset": "klic"})
	select {
	case events := <-ended:
		same(t, len(events), 1)
	case <-time.After(time.Minute):
		t.Fatal("the event does not come")
	}
}

func TestFeed(t *testing.T) {
	t.Parallel() // it waits
	s := newStack(t)
	h := s.house("Noord")
	other := s.house("Zuid")
	all := func(events []map[string]any) (types []string) {
		for _, e := range events {
			types = append(types, e["type"].(string))
		}
		return types
	}

	t.Run("has everything, in order, and resumes without a gap", func(t *testing.T) {
		ids, events := s.platform().follow("?follow=false", 0)
		same(t, all(events), s.since(eventstore.Position{}))
		_, rest := s.platform().with("Last-Event-ID", ids[4]).follow("?follow=false&after=0", 0)
		same(t, rest, events[5:])
		_, rest = s.platform().follow("?follow=false&after="+ids[4], 0)
		same(t, rest, events[5:])
	})
	t.Run("filters by type", func(t *testing.T) {
		_, events := s.platform().follow("?follow=false&types=organization.registered.v1,license.*", 0)
		same(t, all(events), []string{"organization.registered.v1", "organization.registered.v1", "organization.registered.v1"})
		s.platform().get("/api/v1/events?types=ACCOUNT").refused(t, 400, "parameter-invalid")
	})
	t.Run("is CloudEvents, personal members in the clear for who may see them, secrets for nobody", func(t *testing.T) {
		_, events := h.adminClient.follow("?follow=false&types=account.created.v1", 0)
		same(t, len(events), 2)
		e := events[1]
		same(t, []any{e["specversion"], e["type"], e["subject"], e["datacontenttype"], e["organization"], e["actorkind"]},
			[]any{"1.0", "account.created.v1", "account-" + h.user, "application/json", h.organization, "account"})
		data := e["data"].(map[string]any)
		same(t, []any{data["username"], data["organizationId"], data["usernameReservation"]}, []any{"user@noord.nl", h.organization, nil})
	})
	t.Run("is the organization's own", func(t *testing.T) {
		_, events := other.adminClient.follow("?follow=false", 0)
		for _, e := range events {
			if e["organization"] != other.organization {
				t.Errorf("%s of %s", e["type"], e["organization"])
			}
		}
		other.userClient.get("/api/v1/events").refused(t, 403, "no-right")
	})
	t.Run("tells a service account what was decided, and not by whom", func(t *testing.T) {
		made := h.adminClient.run("CreateAccount", map[string]any{
			"organizationId": h.organization, "username": "robot@noord.nl", "name": "Robot", "role": "service", "channel": "admin_password",
		})
		key := h.adminClient.run("IssueApiKey", map[string]any{"accountId": made.Result["accountId"], "name": "feed"}).Result["key"].(string)
		license := h.adminClient.run("RegisterLicense", map[string]any{"organizationId": h.organization, "name": "NEN", "shownInSelection": true}).Result["licenseId"]
		request := h.userClient.run("RequestLicense", map[string]any{"accountId": h.user, "licenseId": license}).Result["requestId"]
		h.adminClient.run("ApproveLicense", map[string]any{"requestId": request})
		for _, types := range []string{"licenserequest.approved.v1", "license.granted.v1"} {
			_, asService := (&client{s: s, key: key}).follow("?follow=false&types="+types, 0)
			same(t, []any{asService[0]["type"], asService[0]["actorid"]}, []any{types, nil})
			_, asAdmin := h.adminClient.follow("?follow=false&types="+types, 0)
			same(t, asAdmin[0]["actorid"], any(h.admin))
		}
	})
	t.Run("goes on live, and ends when the right is lost", func(t *testing.T) {
		ended := make(chan []map[string]any, 1)
		after := fmt.Sprint(s.head())
		colleague := s.colleague(other, "chef@zuid.nl", "admin")
		me := parse[map[string]any](t, colleague.get("/api/v1/me"))
		go func() {
			_, events := colleague.follow("?types=license.*&after="+after, 0)
			ended <- events
		}()
		other.adminClient.run("RegisterLicense", map[string]any{"organizationId": other.organization, "name": "NEN"})
		other.adminClient.run("BlockAccount", map[string]any{"accountId": me["id"], "reason": "weg"})
		select {
		case events := <-ended:
			if got := all(events); len(got) > 1 {
				t.Errorf("got %v", got)
			}
		case <-time.After(time.Minute):
			t.Fatal("the feed of a blocked account goes on")
		}
	})
}
