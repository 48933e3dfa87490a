// Package ui is the web UI: pages rendered here, that work by keyboard and without
// JavaScript except for live updates. It finds out who asks, decodes forms, calls the same
// offers as the API, and encodes HTML; it decides nothing. Each section is a package of its
// own within the frame that all share.
package ui

import (
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/accounts"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/history"
	"sleutelbos/http/ui/licenses"
	"sleutelbos/http/ui/manage"
	"sleutelbos/http/ui/organizations"
	"sleutelbos/http/ui/own"
	"sleutelbos/http/ui/papers"
	"sleutelbos/http/ui/persons"
	"sleutelbos/http/ui/regions"
	"sleutelbos/http/ui/rolegroups"
	"sleutelbos/http/ui/signin"
	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/audithistory"
)

// Config is what the UI is made of.
type Config struct {
	Service   *commands.Service
	Askers    *session.Askers
	DB        machinery.DB
	Runner    answers.Runner
	History   audithistory.Opener
	Letter    func(...lettercommands.Content) ([]byte, error) // the PDF
	PublicURL *url.URL
	Now       func() time.Time
	// Journal reads streams again from the log itself, to check their chains.
	Journal     eventstore.Journal
	Rebuilds    answers.Rebuilds
	Seals       frame.Seals
	Subscribers answers.Subscribers
	// Door says whether there is one, through which the log can be followed.
	Door bool
	// Outbox lists the mails written to files, where no mail server is set; nil where one is.
	Outbox func() ([]manage.Mail, error)
	// Away returns since when the event store is out of reach, and false while it is within.
	Away func() (since time.Time, away bool)
	// CursorKey authenticates the places of pages within lists; see answers.Cursors.
	CursorKey []byte
	// FormKey seals the forms that wait for their sender to sign in again.
	FormKey []byte
}

// UI is every section within the frame.
type UI struct {
	site     frame.Site
	askers   *session.Askers
	sections []section
}

type section interface{ Mount(r chi.Router) }

// New reads the templates; it panics on one that can't be read, a fault of the program.
func New(c Config) *UI {
	site := frame.New(frame.Config{
		Service: c.Service, DB: c.DB, Runner: c.Runner, PublicURL: c.PublicURL, Now: c.Now, CursorKey: c.CursorKey, Opener: c.History, Away: c.Away,
		FormKey: c.FormKey, Sessions: c.Askers,
	})
	return &UI{site: site, askers: c.Askers, sections: []section{
		signin.Section{Site: site, Askers: c.Askers, Service: c.Service, PublicURL: c.PublicURL},
		own.Section{Site: site, Askers: c.Askers, Service: c.Service, Runner: c.Runner},
		accounts.Section{Site: site, Background: c.Rebuilds.Background},
		history.Section{Site: site, Log: c.Journal, Seals: c.Seals},
		organizations.Section{Site: site},
		licenses.Section{Site: site},
		persons.Section{Site: site},
		regions.Section{Site: site},
		rolegroups.Section{Site: site},
		papers.Section{Site: site, Service: c.Service, Letter: c.Letter},
		manage.Section{
			Site: site, Runner: c.Runner, Reactors: reactorNames(c.Service), Rebuilds: c.Rebuilds, Store: c.Journal.Store, Seals: c.Seals, Subscribers: c.Subscribers, Door: c.Door, Outbox: c.Outbox,
		},
	}}
}

// Mount adds the pages to a router.
func (u *UI) Mount(r chi.Router) {
	frame.MountStatic(r)
	r.Group(func(r chi.Router) {
		r.Use(u.askers.Browsers)
		u.site.Pages.Mount(r)
		for _, s := range u.sections {
			s.Mount(r)
		}
		u.site.Texts.Close()
	})
}

func reactorNames(s *commands.Service) []string {
	var names []string
	for _, reactor := range s.Reactors {
		names = append(names, reactor.Name)
	}
	return names
}
