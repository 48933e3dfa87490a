package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

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
