package server

import (
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"sleutelbos/http/problem"
	"sleutelbos/internal/limits"
)

// use is what a request uses of the limits.
type use struct {
	limits  *limits.Limits
	work    limits.Work
	account string // once it is known who asks
}

type useKey struct{}

// limit holds a request to the limits of its kind of work: here those of its address, and those of
// its account once Known says whose it is. What an account is refused counts, too.
func (c Config) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := &use{limits: c.Limits, work: workOf(r)}
		if err := u.limits.Take(u.work, limits.Asker{Address: limitedBy(r)}); err != nil {
			problem.Write(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), useKey{}, u)))
		seen, ok := w.(middleware.WrapResponseWriter)
		if ok && u.account != "" && refusing(seen.Status()) {
			_ = u.limits.Take(limits.Refused, limits.Asker{Account: u.account}) // the next request hears of it
		}
	})
}

// Known says whose account a request is of. Errors: *limits.TooMuchError.
func Known(ctx context.Context, account string) error {
	u, ok := ctx.Value(useKey{}).(*use)
	if !ok || account == "" {
		return nil
	}
	u.account = account
	by := limits.Asker{Account: account}
	if err := u.limits.Left(limits.Refused, by); err != nil {
		return err
	}
	return u.limits.Take(u.work, by)
}

// routings are used again: each request looks for its route once more than the router does.
var routings = sync.Pool{New: func() any { return chi.NewRouteContext() }}

// workOf returns the kind of work of the route that a request will take.
func workOf(r *http.Request) limits.Work {
	tried, method := routings.Get().(*chi.Context), r.Method //nolint:forcetypeassert // nothing else is put there
	defer func() {
		tried.Reset()
		routings.Put(tried)
	}()
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if at := chi.RouteContext(r.Context()); at != nil && at.Routes != nil && at.Routes.Match(tried, method, r.URL.Path) {
		if work, ok := limits.Of(method, tried.RoutePattern()); ok {
			return work
		}
	}
	return limits.Unknown
}

// refusing says whether a status tells an asker that something is not there, not right or not
// allowed. That it has changed meanwhile (412), or was too much (429), tells nothing.
func refusing(status int) bool {
	switch status {
	case http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// limitedBy returns the address whose limits count. It falls back on the peer, so that an
// unbelievable header does not make one bucket of everybody, nor none.
func limitedBy(r *http.Request) string {
	if a := ClientAddress(r); a != "" {
		return a
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
