package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"sleutelbos/http/problem"
	"sleutelbos/http/server"
	"sleutelbos/http/ui/frame"
	"sleutelbos/internal/limits"
)

// stopWithin is how long requests under way get at the end.
const stopWithin = 10 * time.Second

// front listens before there is anything behind it, so that whoever asks is told why: /livez is 200
// from then on, /readyz says what is waited for, and requests are told to come back. Once the program
// is put together, requests wait until it runs, and are answered by it from then on.
type front struct {
	publicURL *url.URL
	limits    *limits.Limits
	proxies   []netip.Prefix // whose word on addresses is taken
	log       *slog.Logger

	servers  [2]*server.Server // of the web and of management
	ended    chan error        // how each of them ended, once
	web, own answering         // own is that of management
	wait     atomic.Pointer[server.Wait]
	stop     func() error // takes no new requests, and waits for those under way; again is harmless
}

// newFront listens at the addresses of the settings. Errors: the settings are wrong, or an address is taken.
func newFront(ctx context.Context, s Serving, matrix limits.Matrix, log *slog.Logger) (*front, error) {
	f := &front{limits: limits.New(matrix, time.Now), log: log, ended: make(chan error, 2)}
	var err error
	if f.proxies, err = s.trusted(); err != nil {
		return nil, err
	}
	web, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.HTTP)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	management, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Management)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen: %w", err), web.Close())
	}
	if f.publicURL, err = s.publicURL(web.Addr()); err != nil {
		return nil, errors.Join(err, web.Close(), management.Close())
	}
	f.because("the stores", "They are being opened.")
	f.web.set(f.waitingRoom())
	f.own.set(server.Management(server.Health{Waits: func() server.Wait { return *f.wait.Load() }, Registry: waitingMetrics(), Log: log}))
	f.stop = sync.OnceValue(f.stopAll)
	f.serve(0, web, &f.web, f.connections())
	f.serve(1, management, &f.own, limits.ManagementConnections)
	return f, nil
}

func (f *front) serve(i int, at net.Listener, h http.Handler, bounds limits.Connections) {
	s := server.New(h, bounds, f.log)
	f.servers[i] = s
	go func() { f.ended <- s.Serve(at) }()
}

// connections returns how many connections the web address takes. Behind a proxy is everybody.
func (f *front) connections() limits.Connections {
	bounds := limits.WebConnections
	bounds.Spared = func(address string) bool {
		ip, err := netip.ParseAddr(address)
		return err == nil && slices.ContainsFunc(f.proxies, func(p netip.Prefix) bool { return p.Contains(ip) })
	}
	return bounds
}

// waitingRoom answers requests before the stores are there.
func (f *front) waitingRoom() http.Handler {
	r := server.NewRouter(server.Config{PublicURL: f.publicURL, Proxies: f.proxies, Log: f.log, Limits: f.limits})
	frame.MountWaiting(r)
	return r
}

func waitingMetrics() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(processCollectors()...)
	return registry
}

// because says what is waited for, and why.
func (f *front) because(what, why string) {
	now := server.Wait{For: what, Because: why, Since: time.Now(), Tries: 1}
	if before := f.wait.Load(); before != nil && before.For == what {
		now.Since, now.Tries = before.Since, before.Tries+1
	}
	f.wait.Store(&now)
}

// hold lets requests wait: the program is put together, and begins in a moment.
func (f *front) hold() {
	f.because("the start", "Everything is there; the program begins.")
	f.web.hold()
}

// open lets the program answer.
func (f *front) open(web, management http.Handler) {
	f.web.set(web)
	f.own.set(management)
}

// until waits until the context ends or a listener fails.
func (f *front) until(ctx context.Context) error {
	select {
	case <-ctx.Done():
		f.log.InfoContext(ctx, "stopping")
		return nil
	case err := <-f.ended:
		f.ended <- nil // for stop
		return err
	}
}

func (f *front) stopAll() error {
	var errs []error
	for _, s := range f.servers {
		errs = append(errs, s.Stop(stopWithin))
	}
	for range f.servers {
		errs = append(errs, <-f.ended)
	}
	return errors.Join(errs...)
}

// answering is a handler that another one takes the place of.
type answering struct {
	now atomic.Pointer[http.Handler]

	mu   sync.Mutex
	held chan struct{} // closed by set; nil while nobody is held
}

func (a *answering) set(h http.Handler) {
	a.now.Store(&h)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held != nil {
		close(a.held)
		a.held = nil
	}
}

// hold lets requests wait for the next handler.
func (a *answering) hold() {
	a.mu.Lock()
	defer a.mu.Unlock()
	held := make(chan struct{})
	a.held = held
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-held:
			a.ServeHTTP(w, r)
		case <-r.Context().Done():
			problem.Write(w, r, problem.Starting)
		}
	})
	a.now.Store(&h)
}

// ServeHTTP lets the handler of the moment answer.
func (a *answering) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*a.now.Load()).ServeHTTP(w, r)
}
