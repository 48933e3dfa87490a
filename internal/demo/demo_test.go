package demo_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"sleutelbos/internal/app"
	"sleutelbos/internal/demo"
)

const key = "a key of the demo's test, long enough"

// TestDemoLooksLivedIn looks at the demo as people do, through the API.
func TestDemoLooksLivedIn(t *testing.T) {
	now := time.Now()
	h := filled(t, now)
	for _, some := range []struct{ what, list string }{
		{"letters to print", "/letters?printed=false&invalid=false"},
		{"letters to post", "/letters?printed=true&sent=false&invalid=false"},
		{"letters that were posted", "/letters?sent=true"},
		{"letters that are void", "/letters?invalid=true"},
		{"open requests", "/license-requests?status=open"},
		{"granted requests", "/license-requests?status=approved"},
		{"accounts in use", "/accounts?badge=active"},
		{"blocked accounts", "/accounts?badge=blocked"},
		{"ended accounts", "/accounts?badge=expired"},
		{"closed accounts", "/accounts?badge=closed"},
		{"administrators on leave", "/accounts?role=admin&badge=disabled"},
		{"activations that nobody took up", "/accounts?badge=activation_expired"},
		{"regions that are over", "/regions?archived=true"},
		{"failed sign-ins", "/audit?type=refusal.summed.*"},
	} {
		if n := h.total(some.list); n == 0 {
			t.Errorf("there are no %s", some.what)
		}
	}
	for _, r := range list[struct{ Reason, DecisionReason string }](h, "/license-requests?status=rejected") {
		if r.Reason == "" || r.DecisionReason == "" {
			t.Errorf("a request without reasons: %+v", r)
		}
	}
	for _, r := range list[struct {
		Name  string
		Users int
	}](h, "/regions") {
		if r.Users == 0 {
			t.Errorf("nobody is in the region %s", r.Name)
		}
	}
	dates := map[string]bool{}
	for _, m := range list[struct{ QueuedAt, At time.Time }](h, "/messages?limit=100&sort=queuedAt") {
		dates[m.QueuedAt.Format(time.DateOnly)] = true
		if m.At.Format(time.DateOnly) != m.QueuedAt.Format(time.DateOnly) {
			t.Errorf("a mail of %s was sent on %s", m.QueuedAt, m.At)
		}
	}
	if len(dates) < 20 {
		t.Errorf("all mails are of %d days", len(dates))
	}
	h.officeHours(now)
}

// officeHours asks that people act when they are at work, and one after another.
func (h *house) officeHours(now time.Time) {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		h.t.Fatal(err)
	}
	seconds := map[int]bool{}
	for _, e := range list[struct {
		At    time.Time
		Actor struct{ Kind string }
	}](h, "/audit?limit=100&to="+now.AddDate(0, 0, -1).Format(time.DateOnly)) {
		at := e.At.In(zone)
		if e.Actor.Kind != "account" {
			continue
		}
		seconds[at.Second()] = true
		if at.Hour() < 8 || at.Hour() > 18 || at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
			h.t.Errorf("somebody was at work at %s", at)
		}
	}
	if len(seconds) < 15 {
		h.t.Errorf("everything happened at %d seconds of the minute", len(seconds))
	}
}

// house is the demo as it is served.
type house struct {
	t       *testing.T
	handler http.Handler
}

func filled(t *testing.T, now time.Time) *house {
	t.Helper()
	log, places := slog.New(slog.DiscardHandler), app.Places{Data: t.TempDir()}
	settings := app.Serving{HTTP: "127.0.0.1:0", Node: "off", PublicURL: "http://127.0.0.1", MailFrom: "demo@localhost", Language: "nl", BootstrapAPIKey: key}
	if err := demo.Fill(t.Context(), places, settings, log, now); err != nil {
		t.Fatal(err)
	}
	stores := &app.Stores{Places: places, Log: log, Now: time.Now}
	if err := stores.Open(t.Context(), app.Writing); err != nil {
		t.Fatal(err)
	}
	served, err := app.New(t.Context(), app.Options{Stores: stores, Serving: settings, Parts: app.Views})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := served.Close(); err != nil {
			t.Error(err)
		}
	})
	return &house{t, served.Handler}
}

func (h *house) get(path string, into any) {
	h.t.Helper()
	req := httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, "http://127.0.0.1/api/v1"+path, nil)
	req.Header.Set("Authorization", "Bearer "+key)
	answer := httptest.NewRecorder()
	h.handler.ServeHTTP(answer, req)
	if answer.Code != http.StatusOK {
		h.t.Fatalf("%s: %d %s", path, answer.Code, answer.Body)
	}
	if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) total(path string) int {
	h.t.Helper()
	var page struct{ Total int }
	h.get(path, &page)
	return page.Total
}

func list[Item any](h *house, path string) []Item {
	h.t.Helper()
	var page struct{ Items []Item }
	h.get(path, &page)
	if len(page.Items) == 0 {
		h.t.Errorf("nothing in %s", path)
	}
	return page.Items
}
