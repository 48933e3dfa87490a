// Package api is the HTTP contract for programs: it finds out who asks, decodes, calls and
// encodes, and decides nothing. The OpenAPI document is made from the operations declared here
// and from the commands declared in their areas.
package api

import (
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/problem"
	"sleutelbos/http/server"
	"sleutelbos/http/session"
	"sleutelbos/internal/limits"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/audithistory"
)

// Config is what the API is made of.
type Config struct {
	Service   *commands.Service
	Askers    *session.Askers
	Journal   eventstore.Journal
	DB        machinery.DB
	Runner    answers.Runner
	Letter    func(...lettercommands.Content) ([]byte, error) // the PDF
	CursorKey []byte                                          // authenticates cursors; 32 bytes
	PublicURL *url.URL
	Now       func() time.Time
	// Limits are what one asker may use.
	Limits *limits.Limits
	// Bound gives a request its time; streams stay outside.
	Bound func(http.Handler) http.Handler
	// Stop ends streams when the program stops.
	Stop        *server.Stop
	Rebuilds    answers.Rebuilds
	Subscribers answers.Subscribers
	Followers   *answers.Followers
	// SealNote returns the note of the seal that covers so many events, that of the newest for 0.
	SealNote func(size int64) (note string, found bool, err error)
	// Version is the program's, for the OpenAPI document.
	Version string
	// Away returns since when the event store is out of reach, and false while it is within.
	Away func() (since time.Time, away bool)
}

// API is the HTTP contract. What its operations have in common is here; the operations of one
// matter are methods of a type of their own, in its file.
type API struct {
	Config
	source     answers.Source
	streamed   answers.Source // the same, by connections of its own
	operations []operation
}

// New returns the API; Mount adds it to a router.
func New(c Config) *API {
	a := &API{Config: c, source: answers.Source{
		DB: c.DB, Opener: audithistory.Opener{Registry: c.Journal.Registry, Keys: c.Journal.Keys}, Cursors: answers.Cursors{Key: c.CursorKey}, Now: c.Now,
	}}
	a.streamed = a.source
	a.streamed.DB = c.DB.Streams()
	a.operations = append(a.operations, signing{a}.operations()...)
	a.operations = append(a.operations, commandDoor{a}.operations()...)
	a.operations = append(a.operations, queries{a}.operations()...)
	a.operations = append(a.operations, a.me())
	a.operations = append(a.operations, past{a}.operations()...)
	a.operations = append(a.operations, a.letterOperations()...)
	a.operations = append(a.operations, operators{a}.operations()...)
	a.operations = append(a.operations, operators{a}.ofLog()...)
	a.operations = append(a.operations, feed{a}.operations()...)
	return a
}

// Mount adds the API's routes, the OpenAPI document and its page, the AsyncAPI document
// and the schemas of events.
func (a *API) Mount(r chi.Router) {
	r.Route(answers.Prefix, func(r chi.Router) {
		r.Use(refuseTokens, a.sayAsOf, a.Askers.Middleware)
		for _, o := range a.operations {
			var h http.Handler = problem.Handler(func(w http.ResponseWriter, r *http.Request) error { return a.serve(o, w, r) })
			if o.flow == nil {
				h = a.Bound(h)
			}
			r.Method(o.method, o.path, h)
		}
	})
	newDocuments(a).mount(r)
}

// sayAsOf says in the header X-As-Of as of when answers are while the event store is out of
// reach.
func (a *API) sayAsOf(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if since, away := a.Away(); away {
			w.Header().Set("X-As-Of", since.UTC().Format(time.RFC3339))
		}
		next.ServeHTTP(w, r)
	})
}

// refuseTokens refuses credentials in an address: addresses are logged, kept and sent on.
func refuseTokens(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"access_token", "api_key", "apikey", "key", "token", "password"} {
			if r.URL.Query().Has(name) {
				problem.Write(w, r, problem.New(http.StatusBadRequest, "token-in-url"))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
