package server

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// NewRouter returns a router with everything that each request passes, in this order:
// its id, its address, the log, the last resorts against panics and against silence, the
// headers of the answer, the host, the origin, the size, the language. Routes are added by the
// caller; each that takes GET takes HEAD as well.
func NewRouter(c Config) *chi.Mux {
	r := chi.NewRouter()
	r.Use(
		c.identify,
		c.address(),
		c.observe,
		c.recoverPanic,
		answered,
		c.secureHeaders(),
		c.host(),
		c.sameOrigin(),
		limitBody,
		speak,
		middleware.GetHead,
	)
	r.NotFound(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.New(http.StatusNotFound, "not-found"))
	})
	r.MethodNotAllowed(func(w http.ResponseWriter, asked *http.Request) {
		w.Header().Set("Allow", allowed(r, asked.URL.Path))
		problem.Write(w, asked, problem.New(http.StatusMethodNotAllowed, "method-not-allowed"))
	})
	return r
}

// allowed returns the methods that a path takes, as the header Allow has them: a 405 must
// name them (RFC 9110, 15.5.6).
func allowed(routes chi.Routes, path string) string {
	var methods []string
	for _, m := range []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut} {
		if !routes.Match(chi.NewRouteContext(), m, path) {
			continue
		}
		methods = append(methods, m)
		if m == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return strings.Join(methods, ", ")
}

// address stores the client's address, read with ClientAddress. The peer's is the one,
// unless the peer is a proxy of ours.
func (c Config) address() func(http.Handler) http.Handler {
	if len(c.Proxies) == 0 {
		return middleware.ClientIPFromRemoteAddr
	}
	trusted := make([]string, len(c.Proxies))
	for i, p := range c.Proxies {
		trusted[i] = p.String()
	}
	return middleware.ClientIPFromXFF(trusted...)
}

// ClientAddress returns the address that limits and the audit history go by; empty where
// there is none to be believed (a Unix socket, a proxy that sends nonsense).
func ClientAddress(r *http.Request) string { return middleware.GetClientIP(r.Context()) }

// host refuses requests for a host that is not the public one, so that no answer and no
// cookie ever goes by a name that somebody else chose. On a loopback address every
// spelling of loopback will do.
func (c Config) host() func(http.Handler) http.Handler {
	name, port := c.PublicURL.Hostname(), portOf(c.PublicURL.Scheme, c.PublicURL.Port())
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			asked, err := url.Parse("//" + r.Host)
			known := err == nil && asked.User == nil && asked.Host == r.Host &&
				portOf(c.PublicURL.Scheme, asked.Port()) == port &&
				(strings.EqualFold(asked.Hostname(), name) || loopback(name) && loopback(asked.Hostname()))
			if !known {
				problem.Write(w, r, problem.New(http.StatusMisdirectedRequest, "misdirected"))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func portOf(scheme, port string) string {
	switch {
	case port != "":
		return port
	case scheme == "https":
		return "443"
	}
	return "80"
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// sameOrigin refuses what another site makes a browser send (T22).
func (c Config) sameOrigin() func(http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.New(http.StatusForbidden, "cross-origin"))
	}))
	return protection.Handler
}

func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		next.ServeHTTP(w, r)
	})
}

func speak(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := words.FromRequest(r)
		w.Header().Set("Content-Language", string(l))
		w.Header().Add("Vary", "Accept-Language, Cookie")
		next.ServeHTTP(w, r.WithContext(words.With(r.Context(), l)))
	})
}

// LimitOpen bounds the requests of one address to what needs no credentials.
func (c Config) LimitOpen() func(http.Handler) http.Handler {
	per := c.OpenPerMinute
	if per == 0 {
		per = 60
	}
	return httprate.LimitBy(per, time.Minute,
		func(r *http.Request) (string, error) { return httprate.CanonicalizeIP(limitKey(r)), nil },
		httprate.WithResponseHeaders(httprate.ResponseHeaders{}),
		httprate.WithLimitHandler(func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, r, problem.Later(http.StatusTooManyRequests, "too-many-requests", time.Minute))
		}))
}

// limitKey falls back on the peer, so that an unbelievable header does not make one
// bucket of everybody, nor none.
func limitKey(r *http.Request) string {
	if a := ClientAddress(r); a != "" {
		return a
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
