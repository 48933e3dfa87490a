package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sleutelbos/eventstore"
	"sleutelbos/projections/machinery"
)

func TestManagement(t *testing.T) {
	var store, looked error
	state, disturbed, reactor, built, searchable := machinery.StateLive, time.Duration(0), false, true, true
	var troubles []Trouble
	jobs := []Job{{Name: "seals", Failures: 2, Done: time.Unix(1_800_000_000, 0).UTC()}}
	statuses := func(context.Context) ([]machinery.Status, error) {
		return []machinery.Status{{Name: "account_list_v1", Position: eventstore.AtCommit(7), LagEvents: 3, LagTime: 2 * time.Second, State: state, Disturbed: disturbed, Reactor: reactor, Built: built, Searchable: searchable}}, looked
	}
	registry := prometheus.NewRegistry()
	if err := errors.Join(Lag(registry, statuses), Troubled(registry, func() []Trouble { return troubles }), Jobs(registry, func() []Job { return jobs })); err != nil {
		t.Fatal(err)
	}
	h := Management(Health{
		Stores:      map[string]func(context.Context) error{"events": func(context.Context) error { return store }},
		Projections: statuses, Troubles: func() []Trouble { return troubles }, Jobs: func() []Job { return jobs }, Registry: registry, Log: slog.New(slog.DiscardHandler),
	})
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8081"+path, nil))
		return w.Code, w.Body.String()
	}
	expect := func(what, path string, status int, part string) {
		t.Helper()
		if got, body := get(path); got != status || !strings.Contains(body, part) {
			t.Errorf("%s: %s answers %d %s, want %d with %s", what, path, got, body, status, part)
		}
	}
	expect("all is well", "/livez", 200, "ok")
	expect("all is well", "/readyz", 200, `"lagEvents":3,"lagSeconds":2`)
	expect("all is well", "/metrics", 200, `sleutelbos_projection_lag_events{projection="account_list_v1"} 3`)
	expect("a job fails", "/readyz", 200, `"jobs":[{"name":"seals","lastSuccess":"2027-01-15T08:00:00Z","failures":2}]`)
	expect("a job fails", "/metrics", 200, `sleutelbos_job_failures{job="seals"} 2`)
	expect("a job was done", "/metrics", 200, `sleutelbos_job_last_success_timestamp_seconds{job="seals"} 1.8e+09`)
	built = false
	expect("a read model was never built", "/readyz", 503, `"state":"live","built":false`)
	built, searchable = true, false
	expect("the texts that are searched are being read", "/readyz", 503, `"built":true,"searchable":false`)
	searchable = true
	state = machinery.StateStopped
	expect("a projection stopped", "/readyz", 503, `"state":"stopped"`)
	expect("a projection stopped", "/metrics", 200, `sleutelbos_projection_stopped{projection="account_list_v1"} 1`)
	state, store = machinery.StateLive, errors.New("secret address")
	expect("a store is away", "/readyz", 503, `"events":"out of reach"`)
	if _, body := get("/readyz"); strings.Contains(body, "secret") {
		t.Error("the probe tells the error")
	}
	store = nil
	disturbed = stuckAfter
	expect("a read model is disturbed", "/readyz", 200, `"ready":true`)
	disturbed = stuckAfter + time.Second
	expect("a read model stays disturbed", "/readyz", 503, `"ready":false`)
	reactor = true
	expect("a reactor stays disturbed", "/readyz", 200, `"ready":true`)
	troubles = []Trouble{{Code: "lost-keys", Count: 2, What: "Two.", Do: "Mend."}}
	expect("there is trouble", "/readyz", 200, `"troubles":[{"code":"lost-keys","count":2,"what":"Two.","do":"Mend."}]`)
	expect("there is trouble", "/metrics", 200, `sleutelbos_trouble{code="lost-keys"} 2`)
	looked = errors.New("away")
	expect("the projections can't be looked at", "/readyz", 503, `"ready":false`)
	expect("whatever happens", "/livez", 200, "ok")
}

// TestF52_ManagementKnowsItsHost: a page of a public name reads nothing of it through a browser that
// stands inside.
func TestF52_ManagementKnowsItsHost(t *testing.T) {
	for host, want := range map[string]bool{
		"127.0.0.1:8081": true, "[::1]:8081": true, "10.1.2.3": true, "localhost:8081": true, "sleutelbos:8081": true, "sleutelbos.prod.svc.cluster.local": true,
		"sleutelbos.prod.svc": true, "host.docker.internal:8081": true,
		"evil.example": false, "evil.example:8081": false, "127.0.0.1.nip.io:8081": false, "svc.evil.example": false, "": false, "a@127.0.0.1": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		w := httptest.NewRecorder()
		inside(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
		if got := w.Code == http.StatusOK; got != want {
			t.Errorf("%s: %d", host, w.Code)
		}
	}
}
