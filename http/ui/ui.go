// Package ui is the web UI: pages rendered here, that work by keyboard and without
// JavaScript except for live updates. It finds out who asks, decodes forms, calls the same
// offers as the API, and encodes HTML; it decides nothing.
package ui

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/api"
	"sleutelbos/http/session"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/audithistory"
)

// Config is what the UI is made of.
type Config struct {
	Service   *commands.Service
	Offers    *api.Offers
	Askers    *session.Askers
	DB        machinery.DB
	Runner    answers.Runner
	History   audithistory.Opener
	Letter    func(commands.LetterContent) ([]byte, error) // the PDF
	PublicURL *url.URL
	Now       func() time.Time
	// Journal reads streams again from the log itself, to check their chains.
	Journal  eventstore.Journal
	Rebuilds answers.Rebuilds
	Seals    Seals
	// Subscribers is nil where there is no door.
	Subscribers answers.Subscribers
	// Outbox lists the mails written to files, where no mail server is set; nil where one is.
	Outbox func() ([]Mail, error)
	// LimitOpen bounds what needs no credentials.
	LimitOpen func(http.Handler) http.Handler
	// Place authenticates the places of pages within lists; see api.Cursors.
	CursorKey []byte
}

// Mail is a mail in the outbox.
type Mail struct {
	Name string // of the file
	At   time.Time
	To   string
	Subject,
	Text string
}

// UI answers the pages.
type UI struct {
	Config
	templates templates
	check     check // of the whole log
}

//go:embed static
var static embed.FS

// New reads the templates; it panics on one that can't be read, a fault of the program.
func New(c Config) *UI {
	return &UI{Config: c, templates: parse()}
}

// Mount adds the pages to a router.
func (u *UI) Mount(r chi.Router) {
	files, err := fs.Sub(static, "static")
	if err != nil {
		panic("ui: the static files are embedded: " + err.Error())
	}
	r.Handle("/static/*", cached(http.StripPrefix("/static/", http.FileServerFS(files))))
	r.Group(func(r chi.Router) {
		r.Use(u.Askers.Middleware)
		for _, add := range []func(chi.Router){
			u.mountFrame,
			u.mountActivation, u.mountOwn, u.mountHome, u.mountLicenses, u.mountRequests, u.mountLetters, u.mountMessages,
			u.mountHistory,
			u.mountAudit,
			u.mountManage,
			u.mountAccounts,
			u.mountOrganizations,
		} {
			add(r)
		}
	})
}

// cached lets a browser keep what changes only with the program.
func cached(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		next.ServeHTTP(w, r)
	})
}

// wait lets a read model catch up with a command, so that the page that follows shows it;
// a page that shows an older state says so itself.
func (u *UI) wait(ctx context.Context, position eventstore.Position, names ...string) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	_ = u.Runner.WaitFor(ctx, position, names...) // too late is not wrong: the page tells how far it is
}
