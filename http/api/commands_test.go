package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestCommand(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	block := map[string]any{"accountId": h.user, "reason": "misbruik gemeld"}

	t.Run("answers its events, revision and position, and nothing else happens", func(t *testing.T) {
		before := s.head()
		a := h.adminClient.command("BlockAccount", block)
		same(t, a.status, 200)
		o := parse[outcome](t, a)
		same(t, o.types(), []string{"account.blocked.v1"})
		same(t, s.since(before), []string{"account.blocked.v1"})
		same(t, o.Streams[0].Stream, "account-"+h.user)
		same(t, a.header.Get("ETag"), `"3"`)
		same(t, parse[map[string]any](t, a)["result"], any(map[string]any{})) // it is there, though nothing was made
	})
	t.Run("twice changes nothing", func(t *testing.T) {
		before := s.head()
		same(t, h.adminClient.run("BlockAccount", block).types(), []string(nil))
		same(t, s.since(before), []string(nil))
	})
	t.Run("is seen at its position", func(t *testing.T) {
		o := h.adminClient.run("UnblockAccount", map[string]any{"accountId": h.user})
		a := h.adminClient.get("/api/v1/accounts/" + h.user + "?minPosition=" + o.Position)
		same(t, a.status, 200)
		same(t, parse[map[string]any](t, a)["blocked"], any(false))
	})
	t.Run("under a moved revision is refused", func(t *testing.T) {
		before := s.head()
		h.adminClient.with("If-Match", `"1"`).command("BlockAccount", block).refused(t, http.StatusPreconditionFailed, "stale")
		same(t, s.since(before), []string(nil))
	})
	t.Run("as a dry run shows the events and appends none", func(t *testing.T) {
		before := s.head()
		same(t, h.adminClient.with("Dry-Run", "true").run("BlockAccount", block).types(), []string{"account.blocked.v1"})
		same(t, s.since(before), []string(nil))
	})
	t.Run("with a key twice is done once", func(t *testing.T) {
		c := h.adminClient.with("Idempotency-Key", uuid.NewString())
		first := c.run("BlockAccount", block)
		before := s.head()
		same(t, c.run("BlockAccount", block), first)
		same(t, s.since(before), []string(nil))
	})
	t.Run("by a stranger is refused", func(t *testing.T) {
		before := s.head()
		s.stranger().command("UnblockAccount", block).refused(t, http.StatusUnauthorized, "not-signed-in")
		same(t, s.since(before), []string(nil))
	})
	t.Run("without the right is refused and recorded", func(t *testing.T) {
		colleague := s.colleague(h, "user2@noord.nl", "user")
		before := s.head()
		colleague.command("UnblockAccount", map[string]any{"accountId": h.user}).refused(t, http.StatusForbidden, "no-right")
		s.eventually("refusal.recorded.v1", before)
	})
	t.Run("unknown is not found", func(t *testing.T) {
		h.adminClient.command("MakeCoffee", nil).refused(t, http.StatusNotFound, "command-unknown")
	})
}

func TestGeneratedSecretsAreAnsweredOnce(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	made := h.adminClient.run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": "robot@noord.nl", "name": "Robot", "role": "service", "channel": "admin_password",
	})
	id := made.Result["accountId"].(string)
	key := h.adminClient.run("IssueApiKey", map[string]any{"accountId": id, "name": "export"})
	robot := &client{s: s, key: key.Result["key"].(string)}
	same(t, robot.get("/api/v1/me").status, 200)
	h.adminClient.run("RevokeApiKey", map[string]any{"accountId": id, "keyId": key.Result["keyId"]})
	robot.get("/api/v1/me").refused(t, http.StatusUnauthorized, "not-signed-in")
	for _, path := range []string{"/accounts/" + id, "/accounts/" + id + "/history", "/audit", "/events?follow=false"} {
		if a := h.adminClient.get("/api/v1" + path); strings.Contains(string(a.body), robot.key) {
			t.Errorf("%s shows the key", path)
		}
	}
}

func TestBodies(t *testing.T) {
	s := newStack(t)
	h := s.house("Noord")
	id := `"accountId":"` + h.user + `"`
	for name, c := range map[string]struct {
		body          string
		status        int
		code, pointer string
	}{
		"no JSON":               {`CANARY`, 400, "not-json", ""},
		"half":                  {`{` + id, 400, "not-json", ""},
		"empty":                 {``, 415, "not-json-media-type", ""},
		"something behind it":   {`{` + id + `,"reason":"x"} true`, 400, "not-json", ""},
		"a list":                {`["CANARY"]`, 400, "member-kind", ""},
		"null":                  {`null`, 400, "member-kind", ""},
		"unknown member":        {`{` + id + `,"reason":"x","verified":true}`, 400, "member-unknown", "/verified"},
		"unknown odd member":    {`{` + id + `,"reason":"x","CANARY-1":true}`, 400, "member-unknown", ""},
		"doubled member":        {`{` + id + `,"reason":"x","reason":"CANARY"}`, 400, "member-twice", "/reason"},
		"wrong kind":            {`{` + id + `,"reason":["CANARY"]}`, 400, "member-kind", "/reason"},
		"a number for a text":   {`{` + id + `,"reason":12}`, 400, "member-kind", "/reason"},
		"other case of a name":  {`{` + id + `,"Reason":"CANARY"}`, 400, "member-unknown", ""},
		"invalid UTF-8":         {"{" + id + ",\"reason\":\"CANARY\xff\"}", 400, "not-json", ""},
		"raw control character": {"{" + id + ",\"reason\":\"CANARY\x01\"}", 400, "not-json", ""},
		"control character":     {`{` + id + `,"reason":"CANARY\u0000"}`, 422, "reason-invalid", "/reason"},
		"writing direction":     {`{` + id + `,"reason":"CANARY\u202e"}`, 422, "reason-invalid", "/reason"},
		"missing reason":        {`{` + id + `}`, 422, "reason-required", "/reason"},
		"blank reason":          {`{` + id + `,"reason":" "}`, 422, "reason-required", "/reason"},
		"no id":                 {`{"accountId":"CANARY","reason":"x"}`, 422, "account-id-invalid", "/accountId"},
		"long":                  {`{` + id + `,"reason":"` + strings.Repeat("CANARY", 100) + `"}`, 422, "reason-too-long", "/reason"},
		"too large":             {`{` + id + `,"reason":"` + strings.Repeat("x", 70_000) + `"}`, 413, "too-large", ""},
		"two faults":            {`{"reason":""}`, 422, "several-invalid", "/accountId"},
	} {
		t.Run(name, func(t *testing.T) {
			before := s.head()
			a := h.adminClient.do(http.MethodPost, "/api/v1/commands/BlockAccount", c.body)
			r := a.refused(t, c.status, c.code)
			if strings.Contains(string(a.body), "CANARY") {
				t.Errorf("the answer repeats a value: %s", a.body)
			}
			if c.status != 415 && c.code != "not-json" && c.code != "too-large" && r.Errors[0].Pointer != c.pointer {
				t.Errorf("points at %q, want %q", r.Errors[0].Pointer, c.pointer)
			}
			for _, e := range s.since(before) {
				if e != "refusal.recorded.v1" {
					t.Errorf("appended %s", e)
				}
			}
		})
	}
	t.Run("other media type", func(t *testing.T) {
		h.adminClient.with("Content-Type", "text/plain").do(http.MethodPost, "/api/v1/commands/BlockAccount", `{}`).refused(t, 415, "not-json-media-type")
	})
	for header, code := range map[string]string{"Idempotency-Key": "idempotency-key-invalid", "If-Match": "if-match-invalid", "Dry-Run": "dry-run-invalid"} {
		h.adminClient.with(header, "CANARY").command("BlockAccount", map[string]any{}).refused(t, 400, code)
	}
}

func TestRefusalsSpeakTheReadersLanguage(t *testing.T) {
	s := newStack(t)
	for language, want := range map[string]string{"nl": "Meld u eerst aan.", "en": "Sign in first."} {
		r := s.stranger().with("Accept-Language", language).get("/api/v1/me").refused(t, http.StatusUnauthorized, "not-signed-in")
		same(t, r.Detail, want)
	}
}

// colleague is another account in the house, signed in.
func (s *stack) colleague(h house, username, role string) *client {
	s.t.Helper()
	s.platform().run("CreateAccount", map[string]any{
		"organizationId": h.organization, "username": username, "name": "Colleague", "role": role,
		"channel": "admin_password", "password": goodPassword, "keepPassword": true,
	})
	return s.signIn(username, goodPassword)
}
