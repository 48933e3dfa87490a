package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sleutelbos/internal/app"
)

// TestThePreviousReleaseIsRead opens a data folder that the program of commit 26a31e3 wrote,
// with an event of every name that it could store: it is verified, read, built anew, and
// goes on.
func TestThePreviousReleaseIsRead(t *testing.T) {
	data := unpackRelease(t)
	wholeLog(t, data, codeNotSealed) // its last event came after its last seal, long ago
	log := readLog(t, data)
	types := map[string]bool{}
	for _, rec := range log {
		types[rec.Type] = true
	}
	if len(types) != 57 {
		t.Errorf("the log holds %d stored names, the release had 57: %v", len(types), slices.Sorted(maps.Keys(types)))
	}

	r := start(t, app.Places{Data: data}, func(s *app.Serving) { s.BootstrapAPIKey = "" })
	r.settle()
	r.knowsTheRelease()
	for _, list := range []string{"/accounts", "/organizations", "/licenses", "/license-requests", "/letters", "/messages", "/audit"} {
		if r.list(list).Total == 0 {
			t.Errorf("%s is empty", list)
		}
	}
	t.Run("its people and programs come in", func(t *testing.T) { r.lets(t, data) })
	t.Run("its read models are built anew", func(t *testing.T) {
		for _, args := range [][]string{{"projections", "rebuild"}, {"projections", "verify"}} {
			if code, out := commandLine(t, append(args, "--data="+data)...); code != 0 || strings.Contains(out, "differ in") {
				t.Fatalf("%v: %d\n%s", args, code, out)
			}
		}
		r.settle()
		r.verified()
		r.knowsTheRelease()
	})
	t.Run("it goes on", func(t *testing.T) {
		before := r.head()
		again := r.run("RegisterOrganization", body{"organizationId": id(1, 1), "name": "Zorggroep De Linde", "preset": "officeheart", "domains": []string{"delinde.example"}},
			"Idempotency-Key", id(9, 1))
		if r.head() != before || again.Result["organizationId"] != id(1, 1) {
			t.Errorf("a command of the release was not recognized: %+v", again)
		}
		r.run("UnblockAccount", body{"accountId": id(2, 5), "reason": "Opgelost"})
		r.run("ApproveLicense", body{"requestId": id(4, 4)})
		same(t, r.list("/accounts?hasNickname=true").Total, int64(0))
		r.run("ChangeDetails", body{"accountId": id(2, 4), "nickname": "Tommie"}) // which the release didn't know
		same(t, r.list("/accounts?hasNickname=true").Total, int64(1))
		r.settle()
		r.verified()
	})
	r.stop()
	wholeLog(t, data, 0)
	for i, rec := range readLog(t, data)[:len(log)] {
		same(t, rec, log[i])
	}
}

// knowsTheRelease compares a few facts with what was done in the release.
func (r *running) knowsTheRelease() {
	r.t.Helper()
	facts := func(path string, names ...string) []any {
		r.t.Helper()
		var row map[string]any
		must(r.t, json.Unmarshal([]byte(r.fresh(path)), &row))
		var all []any
		for _, name := range names {
			all = append(all, row[name])
		}
		return all
	}
	tom := "/accounts/" + id(2, 4)
	same(r.t, facts(tom, "name", "username", "country", "description", "activation"),
		[]any{"Tom Janssens-Peeters", "tom.janssens@delinde.example", "BE", "Vestiging Gent", "completed"})
	same(r.t, facts(tom, "nickname"), []any{nil})
	same(r.t, facts(tom+"/as-of?revision=0", "name", "username", "country"), []any{"Tom Janssens", "tom@delinde.example", "NL"})
	same(r.t, facts("/accounts/"+id(2, 5), "blocked", "blockedReason", "badge"), []any{true, "Toch niet", "blocked"})
	same(r.t, facts("/accounts/"+id(2, 7), "closed"), []any{true})
	same(r.t, facts("/accounts/"+id(2, 8), "expired", "validUntil"), []any{true, "2025-02-01"})
	same(r.t, facts("/accounts/"+id(2, 13), "activation"), []any{"expired"})
	same(r.t, facts("/license-requests/"+id(4, 2), "status", "decisionReason"), []any{"rejected", "Vraag eerst de basislicentie aan"})
	var statuses []string
	for _, item := range r.list("/messages?q=onbekend").Items {
		statuses = append(statuses, item["status"].(string))
	}
	same(r.t, statuses, []string{"given_up"})
	var done []string
	for _, item := range r.list("/accounts/" + id(2, 11) + "/history?sort=position&limit=7").Items {
		done = append(done, item["type"].(string))
	}
	same(r.t, done, []string{
		"account.created.v1", "account.activation_sent.v1", "message.queued.v1", "message.sent.v1", "account.password_chosen.v1",
		"account.activated.v1", "session.started.v1",
	})
}

// lets asks that passwords and keys of the release open what they opened, and no more.
func (r *running) lets(t *testing.T, data string) {
	const password = "Sleutel-hanger-7"
	for username, chosen := range map[string]string{
		"link@noord.example": password, "beheer@delinde.example": password, "tom.janssens@delinde.example": password + "-Tom",
	} {
		jar, err := cookiejar.New(nil)
		must(t, err)
		c := &client{base: r.api.base, http: http.Client{Jar: jar}}
		if _, err := c.ask(t.Context(), http.MethodPost, "/api/v1/login", body{"username": username, "password": chosen}); err != nil {
			t.Errorf("%s: %v", username, err)
		}
	}
	if _, err := r.api.ask(t.Context(), http.MethodPost, "/api/v1/login", body{"username": "tom.janssens@delinde.example", "password": password}); err == nil {
		t.Error("the password before the change works again")
	}
	key, err := os.ReadFile(filepath.Join(data, "api.key"))
	must(t, err)
	text, err := (&client{base: r.api.base, key: string(key)}).ask(t.Context(), http.MethodGet, "/api/v1/me", nil)
	must(t, err)
	if !strings.Contains(string(text), id(2, 6)) {
		t.Errorf("the key belongs to %s", text)
	}
}

type rowsOf struct {
	Items []map[string]any
	Total int64
}

// list returns a page of a list that reflects everything appended so far.
func (r *running) list(path string) rowsOf {
	r.t.Helper()
	var page rowsOf
	must(r.t, json.Unmarshal([]byte(r.fresh(path)), &page))
	return page
}

func wholeLog(t *testing.T, data string, want int) {
	t.Helper()
	if code, out := commandLine(t, "audit", "verify", "--data="+data); code != want || !strings.Contains(out, "The log is as it was written.") {
		t.Fatalf("audit verify: %d\n%s", code, out)
	}
}

// unpackRelease unpacks the data folder of the release, as private as it was.
func unpackRelease(t *testing.T) (data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "data")
	f, err := os.Open("testdata/release-26a31e3/data.tar.gz")
	must(t, err)
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	must(t, err)
	for archive := tar.NewReader(zipped); ; {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return data
		}
		must(t, err)
		content, err := io.ReadAll(archive)
		must(t, err)
		path := filepath.Join(data, head.Name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, content, 0o600))
	}
}
