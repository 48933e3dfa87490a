package server

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"

	"sleutelbos/http/problem"
)

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify takes the request's id from the client, or makes one. It correlates the
// answer, the log lines and the events.
func (c Config) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !requestID.MatchString(id) {
			made, err := uuid.NewV7()
			if err != nil {
				http.Error(w, "", http.StatusInternalServerError) // no randomness: nothing else would work either
				return
			}
			id = made.String()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(problem.WithBuilding(problem.WithRequest(r.Context(), id, c.Log), c.Building)))
	})
}

// observe writes one line a request and counts it, by the pattern of its route: a path or
// a query may hold a name or a token.
func (c Config) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		seen := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			took := time.Since(began)
			status := seen.Status()
			if status == 0 {
				status = http.StatusOK
			}
			route, method := pattern(r), method(r.Method)
			c.Metrics.request(method, route, status, took)
			problem.Log(r.Context()).LogAttrs(r.Context(), levelOf(status), "request", accessAttrs(method, route, status, seen.BytesWritten(), took)...)
		}()
		next.ServeHTTP(seen, r)
	})
}

func pattern(r *http.Request) string {
	if route := chi.RouteContext(r.Context()); route != nil {
		if p := route.RoutePattern(); p != "" {
			return p
		}
	}
	return "unmatched"
}

// method keeps inventions of clients out of the log and the metrics.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// recoverPanic answers a panic as a fault. The log gets where it happened, and what only
// if the runtime said it: another value may hold anything.
func (c Config) recoverPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler { //nolint:errorlint // net/http compares this very value too
				panic(p)
			}
			what := fmt.Sprintf("a %T", p)
			if fault, ok := p.(runtime.Error); ok {
				what = fault.Error()
			}
			problem.Log(r.Context()).Error("panic", "what", what, "stack", string(debug.Stack()))
			problem.Write(w, r, fmt.Errorf("panic: %s", what))
		}()
		next.ServeHTTP(w, r)
	})
}

// Bound gives the routes behind it the time that a request may take. Answers that stream
// stay outside.
func Bound(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
