// Package ui is the web UI: pages rendered here, that work by keyboard and without
// JavaScript except for live updates. It finds out who asks, decodes forms, calls the same
// offers as the API, and encodes HTML; it decides nothing. Each section is a package of its
// own within the frame that all share.
package ui

import (
	"embed"
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/api"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
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
	Seals    frame.Seals
	// Subscribers is nil where there is no door.
	Subscribers answers.Subscribers
	// Outbox lists the mails written to files, where no mail server is set; nil where one is.
	Outbox func() ([]Mail, error)
	// LimitOpen bounds what needs no credentials.
	LimitOpen func(http.Handler) http.Handler
	// CursorKey authenticates the places of pages within lists; see answers.Cursors.
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
	C Config
	frame.Site
	check check // of the whole log
}

//go:embed all:templates
var templateFiles embed.FS

// New reads the templates; it panics on one that can't be read, a fault of the program.
func New(c Config) *UI {
	site := frame.New(frame.Config{
		Service: c.Service, Offers: c.Offers, DB: c.DB, Runner: c.Runner, PublicURL: c.PublicURL, Now: c.Now, CursorKey: c.CursorKey, LimitOpen: c.LimitOpen,
	})
	return &UI{C: c, Site: site.Section(c.Runner.Names(), templateFiles)}
}

// Mount adds the pages to a router.
func (u *UI) Mount(r chi.Router) {
	frame.MountStatic(r)
	r.Group(func(r chi.Router) {
		r.Use(u.C.Askers.Middleware)
		u.Pages.Mount(r)
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
