package server

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"sleutelbos/http/problem"
	"sleutelbos/http/words"
)

// NewRouter returns a router with everything that each request passes, in this order:
// its id, its address, the log, the last resorts against panics and against silence, the
// headers of the answer, the host, the origin, the size, the language, the limits. Routes are added by the
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
		c.limit,
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
// unless the peer is a proxy of ours. Where a proxy sends nonsense, the address is the proxy's own.
func (c Config) address() func(http.Handler) http.Handler {
	trusted := make([]string, len(c.Proxies))
	for i, p := range c.Proxies {
		trusted[i] = p.String()
	}
	var warn sync.Once
	return func(next http.Handler) http.Handler {
		peer := middleware.ClientIPFromRemoteAddr(next)
		direct := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
				warn.Do(func() { c.warnOfProxy(r.Context()) })
			}
			peer.ServeHTTP(w, r)
		})
		if len(trusted) == 0 {
			return direct
		}
		forwarded := middleware.ClientIPFromXFF(trusted...)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ClientAddress(r) == "" {
				peer.ServeHTTP(w, r)
				return
			}
			next.ServeHTTP(w, r)
		}))
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c.fromProxy(r) {
				forwarded.ServeHTTP(w, r)
				return
			}
			direct.ServeHTTP(w, r)
		})
	}
}

// fromProxy says whether the peer is a proxy of ours.
func (c Config) fromProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && slices.ContainsFunc(c.Proxies, func(p netip.Prefix) bool { return p.Contains(peer.Addr().Unmap()) })
}

// warnOfProxy tells the operator that there seems to be a proxy that nobody named: all that come
// through it have one address, so that one of them can use up what all may try.
func (c Config) warnOfProxy(ctx context.Context) {
	problem.Log(ctx).Warn("requests come with X-Forwarded-For from a peer that --proxies does not name; all its clients count as one address, and share its limits")
}

// ClientAddress returns the address that limits and the audit history go by; empty where
// there is none (a Unix socket).
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

// sameOrigin refuses what another site makes a browser send (T22). The site of the same name without
// TLS is another one: whoever sits on the line can make it.
func (c Config) sameOrigin() func(http.Handler) http.Handler {
	deny := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.New(http.StatusForbidden, "cross-origin"))
	})
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(deny)
	return func(next http.Handler) http.Handler {
		protected := protection.Handler(next)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
			if !safe && c.PublicURL.Scheme == "https" && strings.HasPrefix(r.Header.Get("Origin"), "http://") {
				deny.ServeHTTP(w, r)
				return
			}
			protected.ServeHTTP(w, r)
		})
	}
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
