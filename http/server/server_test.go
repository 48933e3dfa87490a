package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"sleutelbos/http/problem"
	"sleutelbos/http/server"
	"sleutelbos/internal/limits"
)

// site is a server with the routes of a test.
type site struct {
	t       *testing.T
	server  *server.Server
	address string
	entered chan struct{} // a handler was entered
	release chan struct{} // lets the handlers go on
}

func newSite(t *testing.T) *site {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	s := &site{t: t, address: l.Addr().String(), entered: make(chan struct{}, 10), release: make(chan struct{})}
	router := server.NewRouter(server.Config{PublicURL: &url.URL{Scheme: "http", Host: s.address}, Log: log, Limits: limits.New(limits.Standard(), time.Now)})
	for path, handle := range map[string]problem.Handler{
		"/done":   s.done,
		"/undone": s.undone,
		"/silent": func(http.ResponseWriter, *http.Request) error { return nil },
		"/unread": func(http.ResponseWriter, *http.Request) error {
			return problem.New(http.StatusUnauthorized, "not-signed-in")
		},
		"/read":  s.read,
		"/large": s.large,
	} {
		router.Method(http.MethodPost, path, handle)
	}
	s.server = server.New(router, limits.WebConnections, log)
	served := make(chan error, 1)
	go func() { served <- s.server.Serve(l) }()
	t.Cleanup(func() {
		if err := errors.Join(s.server.Stop(time.Second), <-served); err != nil {
			t.Error(err)
		}
	})
	return s
}

// done does its work, however long that takes.
func (s *site) done(w http.ResponseWriter, r *http.Request) error {
	s.entered <- struct{}{}
	select {
	case <-s.release:
		_, err := io.WriteString(w, "done")
		return err
	case <-r.Context().Done():
		return r.Context().Err()
	}
}

// undone writes nothing once its context ends.
func (s *site) undone(_ http.ResponseWriter, r *http.Request) error {
	s.entered <- struct{}{}
	<-r.Context().Done()
	return nil
}

func (s *site) read(w http.ResponseWriter, r *http.Request) error {
	s.entered <- struct{}{}
	if _, err := io.ReadAll(r.Body); err != nil {
		return err
	}
	_, err := io.WriteString(w, "read")
	return err
}

func (s *site) large(w http.ResponseWriter, _ *http.Request) error {
	s.entered <- struct{}{}
	_, _ = w.Write(make([]byte, 64<<20)) // the client is slow
	return nil
}

// send sends a part of a request and returns its connection.
func (s *site) send(text string) net.Conn {
	s.t.Helper()
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, strings.ReplaceAll(text, "HOST", s.address)); err != nil {
		s.t.Fatal(err)
	}
	return c
}

const whole = "POST %s HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n"

// half is a request of which the rest never comes.
const half = "POST %s HTTP/1.1\r\nHost: HOST\r\nContent-Length: 100\r\n\r\nthe beginning"

// answer reads what a connection is told.
func (s *site) answer(c net.Conn) (*http.Response, string) {
	s.t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res, string(text)
}

// stopped begins a stop, returns once no connection is taken any more, and what tells when it
// is over.
func (s *site) stopped(within time.Duration) <-chan error {
	s.t.Helper()
	over := make(chan error, 1)
	go func() { over <- s.server.Stop(within) }()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		c, err := net.Dial("tcp", s.address)
		if err != nil {
			return over
		}
		_ = c.Close()
	}
	s.t.Fatal("the server goes on to take connections")
	return nil
}

func TestF53_Stop(t *testing.T) {
	t.Run("a request under way is answered", func(t *testing.T) {
		s := newSite(t)
		c := s.send(fmt.Sprintf(whole, "/done"))
		<-s.entered
		over := s.stopped(20 * time.Second)
		close(s.release)
		if res, text := s.answer(c); res.StatusCode != http.StatusOK || text != "done" {
			t.Errorf("got %d %s", res.StatusCode, text)
		}
		if err := <-over; err != nil {
			t.Error(err)
		}
	})
	for _, path := range []string{"/done", "/undone"} {
		t.Run("one that is never done says so "+path, func(t *testing.T) {
			s := newSite(t)
			c := s.send(fmt.Sprintf(whole, path))
			<-s.entered
			over := s.stopped(3 * time.Second)
			res, text := s.answer(c)
			if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") != "2" || !strings.Contains(text, `"code":"stopping"`) {
				t.Errorf("got %d %v %s", res.StatusCode, res.Header, text)
			}
			if err := <-over; err != nil {
				t.Error(err)
			}
		})
	}
	// Clients that hold a stop up as long as they like. The stop may take a minute, and must
	// not need it.
	for name, text := range map[string]string{
		"a half-sent body that is read":     fmt.Sprintf(half, "/read"),
		"a half-sent body that is not read": fmt.Sprintf(half, "/unread"),
		"a half-sent header":                "POST /read HTTP/1.1\r\nHost: HO",
		"a connection that says nothing":    "",
		"a reader who takes nothing":        fmt.Sprintf(whole, "/large"),
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			c := s.send(text)
			switch {
			case strings.Contains(text, "/unread"), !strings.Contains(text, "\r\n\r\n"):
				s.answer(s.send(fmt.Sprintf(whole, "/silent"))) // the server has accepted the other one, too
			default:
				<-s.entered
			}
			began := time.Now()
			if err := <-s.stopped(time.Minute); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("the stop took %s", took)
			}
			if strings.Contains(text, "/read HTTP/1.1\r\nHost: HOST") {
				if res, _ := s.answer(c); res.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("got %d", res.StatusCode)
				}
			}
		})
	}
}

func TestF53_SilenceIsNoSuccess(t *testing.T) {
	s := newSite(t)
	res, text := s.answer(s.send(fmt.Sprintf(whole, "/silent")))
	if res.StatusCode != http.StatusInternalServerError || !strings.Contains(text, `"code":"internal"`) {
		t.Errorf("got %d %s", res.StatusCode, text)
	}
}

// TestF47_ConnectionsAreBounded: one address leaves room for others, and a silent client has to go.
func TestF47_ConnectionsAreBounded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := server.New(http.NotFoundHandler(), limits.Connections{All: 10, Address: 2}, slog.New(slog.DiscardHandler))
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	dial := func() net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
		return c
	}
	first, second := dial(), dial()
	defer second.Close()
	third := dial()
	defer third.Close()
	if n, err := third.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("a third connection is taken: %d, %v", n, err)
	}
	_ = first.Close()
	for deadline := time.Now().Add(10 * time.Second); ; {
		c := dial()
		_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		answer, err := io.ReadAll(c)
		_ = c.Close()
		if strings.HasPrefix(string(answer), "HTTP/1.1 404") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("no room after one left: %q, %v", answer, err)
		}
	}
	if err := errors.Join(s.Stop(5*time.Second), <-served); err != nil {
		t.Error(err)
	}
}

// TestF50_AnUnknownProxyIsTold: once, and by nobody's address.
func TestF50_AnUnknownProxyIsTold(t *testing.T) {
	for name, c := range map[string]struct {
		proxies          []netip.Prefix
		forwarded, wants string
		warns            int
	}{
		"nobody is a proxy":           {nil, "203.0.113.9", "192.0.2.1", 1},
		"another is":                  {[]netip.Prefix{netip.MustParsePrefix("198.51.100.0/24")}, "203.0.113.9", "192.0.2.1", 1},
		"it is one":                   {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, "203.0.113.9", "203.0.113.9", 0},
		"it is one and says nothing":  {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, "", "192.0.2.1", 0},
		"it is one and says nonsense": {[]netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, "unknown", "192.0.2.1", 0},
		"there is none":               {nil, "", "192.0.2.1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			var logged strings.Builder
			var seen string
			r := server.NewRouter(server.Config{
				PublicURL: &url.URL{Scheme: "http", Host: "example.com"}, Proxies: c.proxies, Log: slog.New(slog.NewTextHandler(&logged, nil)), Limits: limits.New(limits.Standard(), time.Now),
			})
			r.Get("/", func(_ http.ResponseWriter, r *http.Request) { seen = server.ClientAddress(r) })
			for range 2 {
				asked := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://example.com/", nil) // from 192.0.2.1
				if c.forwarded != "" {
					asked.Header.Set("X-Forwarded-For", c.forwarded)
				}
				r.ServeHTTP(httptest.NewRecorder(), asked)
			}
			if seen != c.wants {
				t.Errorf("the address is %q, want %q", seen, c.wants)
			}
			if got := strings.Count(logged.String(), "--proxies"); got != c.warns {
				t.Errorf("warned %d times, want %d:\n%s", got, c.warns, &logged)
			}
			if strings.Contains(logged.String(), "203.0.113.9") {
				t.Errorf("the log tells an address:\n%s", &logged)
			}
		})
	}
}

// TestF52_TheSiteWithoutTLSIsAnother: whoever sits on the line can make one of the same name.
func TestF52_TheSiteWithoutTLSIsAnother(t *testing.T) {
	r := server.NewRouter(server.Config{
		PublicURL: &url.URL{Scheme: "https", Host: "example.com"}, Log: slog.New(slog.DiscardHandler), Limits: limits.New(limits.Standard(), time.Now),
	})
	r.Post("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for origin, want := range map[string]int{
		"https://example.com": http.StatusNoContent, "": http.StatusNoContent, "http://example.com": http.StatusForbidden, "https://evil.example": http.StatusForbidden, "null": http.StatusForbidden,
	} {
		asked := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://example.com/", nil)
		if origin != "" {
			asked.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, asked)
		if w.Code != want {
			t.Errorf("%q: %d, want %d", origin, w.Code, want)
		}
	}
}
