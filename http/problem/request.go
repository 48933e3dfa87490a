package problem

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"
)

type requestKey struct{}

// request is what the documents and the log need to know of the request.
type request struct {
	id  string
	log *slog.Logger
}

// WithRequest returns a context that carries the request's id and where its faults are
// logged.
func WithRequest(ctx context.Context, id string, log *slog.Logger) context.Context {
	return context.WithValue(ctx, requestKey{}, request{id, log})
}

// RequestID returns the request's id; empty outside a request.
func RequestID(ctx context.Context) string {
	r, _ := ctx.Value(requestKey{}).(request)
	return r.id
}

// Log returns the logger of the request's context, which names the request; the default
// one outside a request.
func Log(ctx context.Context) *slog.Logger {
	if r, ok := ctx.Value(requestKey{}).(request); ok && r.log != nil {
		return r.log.With("requestId", r.id)
	}
	return slog.Default()
}

// Building returns how far read models are that are being built for the first time, in percent,
// and false if that is not known.
type Building func() (percent int, known bool)

type buildingKey struct{}

// WithBuilding returns a context in which a read model that is missing says how far it is.
func WithBuilding(ctx context.Context, b Building) context.Context {
	return context.WithValue(ctx, buildingKey{}, b)
}

// percentBuilt returns how far they are, nil if that is not known.
func percentBuilt(ctx context.Context) *int {
	if b, _ := ctx.Value(buildingKey{}).(Building); b != nil {
		if percent, known := b(); known {
			return &percent
		}
	}
	return nil
}

// logFault names the route by its pattern: a path may hold an id or a token.
func logFault(r *http.Request, d Details, err error) {
	pattern := ""
	if route := chi.RouteContext(r.Context()); route != nil {
		pattern = route.RoutePattern()
	}
	Log(r.Context()).Error("request failed", "method", r.Method, "route", pattern, "status", d.Status, "code", d.Code, "error", err.Error())
}
