package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/http/server"
	"sleutelbos/internal/limits"
)

// serveFlow lets a stranger ask for a flow, and returns what became of it: the answer, and
// whether it broke off.
func serveFlow(t *testing.T, f *flow) (w *httptest.ResponseRecorder, broke bool) {
	t.Helper()
	l := limits.New(limits.Matrix{limits.Feed: {AtOnce: limits.AtOnce{One: 1, All: 1}}}, time.Now)
	f.work, f.slow = limits.Feed, time.Second
	o := operation{id: "Test", flow: f}
	w = httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler { //nolint:errorlint // net/http compares this very value too
				t.Fatal(p)
			}
			broke = true
		}
		if _, err := l.Enter(limits.Feed, limits.Asker{}); err != nil {
			t.Errorf("a place is still taken: %v", err)
		}
	}()
	problem.Handler(func(w http.ResponseWriter, r *http.Request) error {
		return (&API{Config: Config{Stop: server.NewStop(), Limits: l}}).flow(&asking{Request: r, w: w, op: o, who: rights.Stranger})
	}).ServeHTTP(w, r)
	return w, false
}

func TestF40_StreamsHaveADeadline(t *testing.T) {
	endless := func(k *asking, out *stream) error {
		for {
			if _, err := out.Write([]byte("more\n")); err != nil {
				return err
			}
		}
	}
	t.Run("a download breaks off", func(t *testing.T) {
		if w, broke := serveFlow(t, &flow{write: endless, time: 20 * time.Millisecond}); !broke || !strings.HasPrefix(w.Body.String(), "more\n") {
			t.Errorf("got %d %d bytes, broke off %v", w.Code, w.Body.Len(), broke)
		}
	})
	t.Run("a feed ends", func(t *testing.T) {
		if w, broke := serveFlow(t, &flow{write: endless, time: 20 * time.Millisecond, resumed: true}); broke || !strings.HasPrefix(w.Body.String(), "more\n") {
			t.Errorf("got %d %d bytes, broke off %v", w.Code, w.Body.Len(), broke)
		}
	})
	t.Run("before anything was written it is refused", func(t *testing.T) {
		w, broke := serveFlow(t, &flow{time: 20 * time.Millisecond, write: func(k *asking, _ *stream) error {
			<-k.Context().Done()
			return k.Context().Err()
		}})
		if broke || w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "stream-too-long") {
			t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
		}
	})
	t.Run("what fails in the middle breaks off", func(t *testing.T) {
		_, broke := serveFlow(t, &flow{time: time.Minute, write: func(_ *asking, out *stream) error {
			_, err := out.Write([]byte("a part"))
			return errors.Join(err, errors.New("the store is away"))
		}})
		if !broke {
			t.Error("a part looks like the whole")
		}
	})
}

// TestF79_AFeedTellsNoUnseenPlace: a client that comes back with what it was told gets the event
// that stands at the commit of a checkpoint.
func TestF79_AFeedTellsNoUnseenPlace(t *testing.T) {
	event := func(commit uint64) eventstore.Delivery {
		return eventstore.Delivery{IsEvent: true, Position: eventstore.AtCommit(commit)}
	}
	looked := func(commit, prepare uint64) eventstore.Delivery {
		return eventstore.Delivery{Position: eventstore.NewPosition(commit, prepare)}
	}
	var f feeder
	for i, step := range []struct {
		delivery eventstore.Delivery
		want     uint64
	}{
		{event(5), 5}, {looked(9, 5), 5}, {looked(9, 5), 5}, {event(9), 9}, {looked(20, 0), 9}, {looked(30, 0), 20}, {looked(40, 40), 40}, {event(41), 41},
	} {
		if f.look(step.delivery); f.at != eventstore.AtCommit(step.want) {
			t.Errorf("step %d: got %+v, want %d", i, f.at, step.want)
		}
	}
}
