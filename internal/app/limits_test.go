package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"sleutelbos/internal/app"
	"sleutelbos/internal/app/apptest"
	"sleutelbos/internal/limits"
)

// TestF45_EveryRouteHasALimit: the matrix has a row for each route of the pages and the API, and
// what strangers may send is bounded as the tries of a secret are.
func TestF45_EveryRouteHasALimit(t *testing.T) {
	p := apptest.Start(t, apptest.Setup{})
	strangers := map[string]bool{"POST /login": true, "POST /api/v1/login": true}
	for _, c := range p.Commands.List() {
		if c.Open() {
			strangers["POST /api/v1/commands/"+c.Name] = true
		}
	}
	seen := 0
	err := chi.Walk(p.Handler.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasSuffix(route, "/static/*") && method != http.MethodGet && method != http.MethodHead {
			return nil
		}
		work, ok := limits.Of(method, route)
		if !ok {
			t.Errorf("%s %s has no row in limits.Routes", method, route)
		}
		if strangers[method+" "+route] && work != limits.Secret {
			t.Errorf("%s %s is bounded as %s", method, route, work)
		}
		seen++
		return nil
	})
	if err != nil || seen < 100 {
		t.Errorf("%d routes, %v", seen, err)
	}
}

// TestF52_SmallDoors: a key opens no page, a folder lists no files, and whoever finds a weakness learns
// whom to tell.
func TestF52_SmallDoors(t *testing.T) {
	const key = "0123456789abcdef0123456789abcdef"
	p := apptest.Start(t, apptest.Setup{Serving: app.Serving{BootstrapAPIKey: key, Support: "security@example.nl"}})
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.Server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+key)
		client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	for path, want := range map[string]int{
		"/api/v1/me": http.StatusOK, "/": http.StatusSeeOther, "/accounts": http.StatusSeeOther, "/static/": http.StatusNotFound, "/static": http.StatusNotFound,
	} {
		if got, body := get(path); got != want {
			t.Errorf("%s: %d %.200s", path, got, body)
		}
	}
	status, text := get("/.well-known/security.txt")
	for _, part := range []string{"Contact: mailto:security@example.nl\n", "Expires: 2026-09-14T00:00:00Z\n"} {
		if status != http.StatusOK || !strings.Contains(text, part) {
			t.Errorf("security.txt: %d %s", status, text)
		}
	}
}
