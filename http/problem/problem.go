// Package problem turns errors into answers for clients: RFC 9457 documents, with a
// sentence in the reader's language and a stable code. No answer ever holds a value that
// the client sent, nor the text of an error that is not a refusal.
package problem

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"sleutelbos/commands/engine"
	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/http/words"
	"sleutelbos/internal/reach"
	"sleutelbos/internal/schema"
	"sleutelbos/projections/machinery"
)

// Error is a refusal by the edge itself.
type Error struct {
	Status     int
	Code       string // a key of the catalog
	Fields     []Field
	RetryAfter time.Duration // 0 for none; sent in whole seconds, rounded up
}

func (e *Error) Error() string { return e.Code }

// New returns a refusal by the edge.
func New(status int, code string, fields ...Field) *Error {
	return &Error{Status: status, Code: code, Fields: fields}
}

// Later returns a refusal that asks the client to come back.
func Later(status int, code string, after time.Duration) *Error {
	return &Error{Status: status, Code: code, RetryAfter: after}
}

// What a request is told that was not done though nothing was wrong with it.
var (
	// Stopping is the cause with which the context of a request ends when the program stops.
	Stopping = Later(http.StatusServiceUnavailable, "stopping", 2*time.Second)
	// Starting is what a request is told that comes before the stores are there.
	Starting = Later(http.StatusServiceUnavailable, "starting", 5*time.Second)
	// interrupted says that the request's context ended by its client's hand. Nobody is there
	// to read it, unless that is a mistake.
	interrupted = Later(http.StatusServiceUnavailable, "interrupted", time.Second)
)

// Field is a member of the body, or a parameter, that is wrong.
type Field struct {
	Pointer string `json:"pointer"` // RFC 6901; of a parameter its name behind "?"
	Code    string `json:"code"`
	Detail  string `json:"detail"`
}

// Details is the document.
type Details struct {
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Status    int     `json:"status"`
	Detail    string  `json:"detail,omitempty"`
	Code      string  `json:"code"`
	Errors    []Field `json:"errors,omitempty"`
	RequestID string  `json:"requestId,omitempty"`
	// PercentDone is how far a read model is that is being built for the first time.
	PercentDone *int `json:"percentDone,omitempty"`

	retryAfter time.Duration
}

var statusOf = map[domain.Kind]int{
	domain.KindInvalid:  http.StatusUnprocessableEntity,
	domain.KindNotFound: http.StatusNotFound,
	domain.KindRule:     http.StatusConflict,
	domain.KindDenied:   http.StatusForbidden,
}

// Of returns the document for an error, in the context's language. An error that is no
// refusal is "internal" and says nothing else.
func Of(ctx context.Context, err error) Details {
	language := words.Of(ctx)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = ended(ctx)
	}
	if refusal, ok := errors.AsType[*domain.Error](err); ok {
		status := statusOf[refusal.Kind]
		if errors.Is(refusal, engine.ErrNotSignedIn) || errors.Is(refusal, engine.ErrSignInFailed) {
			status = http.StatusUnauthorized
		}
		d := of(ctx, status, refusal.Code)
		d.Detail = text(language, refusal.Code, refusal.Detail)
		for _, each := range refusals(err) {
			if each.Field != "" {
				d.Errors = append(d.Errors, Field{"/" + camel(each.Field), each.Code, text(language, each.Code, each.Detail)})
			}
		}
		return d
	}
	if refusal, ok := errors.AsType[*Error](err); ok {
		d := of(ctx, refusal.Status, refusal.Code)
		d.retryAfter = refusal.RetryAfter
		for _, f := range refusal.Fields {
			f.Detail = text(language, f.Code, "")
			d.Errors = append(d.Errors, f)
		}
		return d
	}
	if wrong, ok := errors.AsType[*schema.Error](err); ok {
		status := http.StatusUnprocessableEntity
		if wrong.Malformed {
			status = http.StatusBadRequest
		}
		d := of(ctx, status, wrong.Code)
		for _, f := range wrong.Fields {
			d.Errors = append(d.Errors, Field{f.Pointer, f.Code, text(language, f.Code, atMost(f.Most))})
		}
		return d
	}
	if _, ok := errors.AsType[*eventstore.ConflictError](err); ok {
		return of(ctx, http.StatusPreconditionFailed, "stale")
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return of(ctx, http.StatusRequestEntityTooLarge, "too-large")
	}
	if refusal := ofLimits(err); refusal != nil {
		return Of(ctx, refusal)
	}
	if often, ok := errors.AsType[*engine.TooOftenError](err); ok {
		d := of(ctx, http.StatusTooManyRequests, "too-many-tries")
		d.retryAfter = often.RetryAfter
		return d
	}
	switch {
	case errors.Is(err, engine.ErrStale):
		return of(ctx, http.StatusPreconditionFailed, "stale")
	case errors.Is(err, engine.ErrBusy):
		d := of(ctx, http.StatusTooManyRequests, "too-many-requests")
		d.retryAfter = time.Second
		return d
	case errors.Is(err, eventstore.ErrStreamDeleted):
		return of(ctx, http.StatusGone, "stream-deleted")
	case errors.Is(err, eventstore.ErrTooLarge):
		return of(ctx, http.StatusRequestEntityTooLarge, "too-large")
	case keyLost(err):
		return of(ctx, http.StatusConflict, "personal-key-lost")
	case errors.Is(err, engine.ErrOutcomeUnknown):
		d := of(ctx, http.StatusServiceUnavailable, "outcome-unknown")
		d.retryAfter = time.Second
		return d
	case errors.Is(err, machinery.ErrNotBuilt):
		return building(ctx)
	case reach.Away(err):
		d := of(ctx, http.StatusServiceUnavailable, "store-unavailable")
		d.retryAfter = time.Second
		return d
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return Of(ctx, ctx.Err()) // it failed because the request ended, whatever it says
	}
	return of(ctx, http.StatusInternalServerError, "internal")
}

// building returns the document for a read model that is not there yet.
func building(ctx context.Context) Details {
	d := of(ctx, http.StatusServiceUnavailable, "read-model-building")
	d.retryAfter = 2 * time.Second
	if d.PercentDone = percentBuilt(ctx); d.PercentDone != nil {
		english := strings.ReplaceAll(sentences["percent-done"].EN, "{n}", strconv.Itoa(*d.PercentDone))
		d.Detail += " " + text(words.Of(ctx), "percent-done", english)
	}
	return d
}

// ended returns why a request's context ended before the request was done.
func ended(ctx context.Context) error {
	if refusal, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
		return refusal
	}
	return interrupted
}

// refusals returns all that were joined: a password may be wrong in several ways.
func refusals(err error) []*domain.Error {
	if several, ok := err.(interface{ Unwrap() []error }); ok { // it walks the tree itself
		var all []*domain.Error
		for _, each := range several.Unwrap() {
			all = append(all, refusals(each)...)
		}
		return all
	}
	if refusal, ok := errors.AsType[*domain.Error](err); ok {
		return []*domain.Error{refusal}
	}
	return nil
}

func of(ctx context.Context, status int, code string) Details {
	return Details{
		Type: "/problems/" + code, Title: http.StatusText(status), Status: status,
		Detail: text(words.Of(ctx), code, ""), Code: code, RequestID: RequestID(ctx),
	}
}

// Write answers the request with the document for an error. Faults (5xx) are logged here,
// once, with the request's id.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	Report(r, err).write(w)
}

// ComeBack says in a header when to try again, where that is known.
func (d Details) ComeBack(h http.Header) {
	if d.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(d.retryAfter.Seconds()))))
	}
}

func (d Details) write(w http.ResponseWriter) {
	body, err := json.Marshal(d)
	if err != nil { // strings and numbers always marshal; valid UTF-8 is all we put in
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	d.ComeBack(h)
	if d.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="sleutelbos"`)
	}
	h.Del("ETag")
	w.WriteHeader(d.Status)
	_, _ = w.Write(body) // the client may be gone; there is nobody to tell
}

// Handler is an http.Handler whose errors become documents.
type Handler func(w http.ResponseWriter, r *http.Request) error

func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h(w, r); err != nil {
		Write(w, r, err)
	}
}

// camel turns the domain's snake case into the API's members.
func camel(snake string) string {
	first, rest, found := strings.Cut(snake, "_")
	if !found || rest == "" {
		return snake
	}
	return first + strings.ToUpper(rest[:1]) + camel(rest[1:])
}
