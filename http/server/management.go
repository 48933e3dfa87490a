package server

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-json-experiment/json"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"sleutelbos/http/problem"
	"sleutelbos/internal/reach"
	"sleutelbos/projections/machinery"
)

// Health is what the management listener reports on.
type Health struct {
	// Waits returns what the program waits for before it can begin. It is nil once it has begun.
	Waits func() Wait
	// Stores answer within their context whether they are in reach, by name. Readiness tells the
	// sentence of an error of the package reach, and nothing of any other.
	Stores map[string]func(context.Context) error
	// Projections returns how each is doing.
	Projections func(context.Context) ([]machinery.Status, error)
	// Troubles returns what somebody should look into although the program does its work.
	Troubles func() []Trouble
	Jobs     func() []Job // how the periodic jobs have gone
	Registry *prometheus.Registry
	Log      *slog.Logger
}

// Wait is what the program waits for before it can begin.
type Wait struct {
	For     string    `json:"for"`
	Because string    `json:"because"`
	Since   time.Time `json:"since"`
	Tries   int       `json:"tries"`
}

// Trouble is something that does not mend itself, and does not keep the program from working.
type Trouble struct {
	Code  string `json:"code"` // a label of the metrics
	Count int    `json:"count"`
	What  string `json:"what"`
	Do    string `json:"do"`
}

// Job is periodic work, and how it has gone in this process. Of several processes one does it.
type Job struct {
	Name     string
	Every    time.Duration
	Done     time.Time // last success; zero for none
	Failing  time.Time // since when it fails; zero while it does not
	Failures int       // since the last success
}

type jobState struct {
	Name        string     `json:"name"`
	LastSuccess *time.Time `json:"lastSuccess,omitempty"`
	Failures    int        `json:"failures"`
}

// probe bounds what a probe may take: whoever asks gives up soon after.
const probe = 3 * time.Second

// Management returns the handler of the management listener: /livez says that the program
// runs, /readyz that it can do its work, /metrics counts. It has no credentials: keep the
// listener inside.
func Management(h Health) http.Handler {
	r := chi.NewRouter()
	c := Config{Log: h.Log}
	r.Use(c.identify, c.recoverPanic, answered, inside, middleware.GetHead)
	r.Get("/livez", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	r.Get("/readyz", h.ready)
	r.Method(http.MethodGet, "/metrics", promhttp.HandlerFor(h.Registry, promhttp.HandlerOpts{Registry: h.Registry}))
	return r
}

type readiness struct {
	Ready       bool              `json:"ready"`
	Waiting     *Wait             `json:"waiting,omitempty"`
	Stores      map[string]string `json:"stores"`
	Reasons     map[string]string `json:"reasons,omitempty"` // why stores are out of reach
	Projections []progress        `json:"projections"`
	Jobs        []jobState        `json:"jobs,omitempty"`
	Troubles    []Trouble         `json:"troubles,omitempty"`
}

type progress struct {
	Name       string  `json:"name"`
	State      string  `json:"state"`
	Built      bool    `json:"built"`
	Searchable bool    `json:"searchable"`
	Position   string  `json:"position"`
	LagEvents  int64   `json:"lagEvents"`
	LagSeconds float64 `json:"lagSeconds"`
}

func (h Health) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probe)
	defer cancel()
	answer := h.look(ctx)
	body, err := json.Marshal(answer, json.Deterministic(true))
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(body) // the prober may be gone; there is nobody to tell
}

// look returns how everything is doing.
func (h Health) look(ctx context.Context) readiness {
	if h.Waits != nil {
		wait := h.Waits()
		return readiness{Waiting: &wait, Stores: map[string]string{}, Projections: []progress{}}
	}
	r := readiness{Ready: true, Projections: []progress{}, Troubles: h.Troubles()}
	r.Stores, r.Reasons = h.stores(ctx)
	for _, j := range h.Jobs() {
		state := jobState{Name: j.Name, Failures: j.Failures}
		if !j.Done.IsZero() {
			state.LastSuccess = &j.Done
		}
		r.Jobs = append(r.Jobs, state)
	}
	for _, state := range r.Stores {
		r.Ready = r.Ready && state == "ok"
	}
	all, err := h.Projections(ctx)
	if err != nil {
		problem.Log(ctx).Warn("the projections can't be looked at", "error", err.Error())
		r.Ready = false
	}
	for _, s := range all {
		r.Ready = r.Ready && s.Built && s.Searchable && s.State != machinery.StateStopped && !s.LagUnknown && !stuck(s)
		r.Projections = append(r.Projections, progress{s.Name, string(s.State), s.Built, s.Searchable, position(s), s.LagEvents, s.LagTime.Seconds()})
	}
	return r
}

// stuckAfter is how long a read model may be disturbed before the program is not ready: what
// passes by itself has passed by then. A reactor may wait for somebody else, as a mail server.
const stuckAfter = 30 * time.Second

func stuck(s machinery.Status) bool { return !s.Reactor && s.Disturbed > stuckAfter }

// stores asks them all at once: one that is out of reach takes the whole time.
func (h Health) stores(ctx context.Context) (states, reasons map[string]string) {
	type answer struct{ name, state, why string }
	answers := make(chan answer, len(h.Stores))
	for name, check := range h.Stores {
		go func() {
			a := answer{name: name, state: "ok"}
			if err := check(ctx); err != nil {
				problem.Log(ctx).Warn("a store is out of reach", "store", name, "error", err.Error())
				a.state, a.why = "out of reach", reach.Why(err)
			}
			answers <- a
		}()
	}
	states, reasons = map[string]string{}, map[string]string{}
	for range h.Stores {
		a := <-answers
		states[a.name] = a.state
		if a.why != "" {
			reasons[a.name] = a.why
		}
	}
	return states, reasons
}
