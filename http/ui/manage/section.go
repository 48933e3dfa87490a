// Package manage is the section for operators: read models and reactors, the seals of the
// log, who follows it, and the mails of a site without a mail server.
package manage

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/eventstore"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages for operators.
type Section struct {
	frame.Site
	Runner      answers.Runner
	Reactors    []string // by name
	Rebuilds    answers.Rebuilds
	Store       eventstore.Store
	Seals       frame.Seals
	Subscribers answers.Subscribers
	Door        bool // there is one
	// Outbox lists the mails written to files; nil where there is a mail server.
	Outbox func() ([]Mail, error)
}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(templates)
	s.declareTexts()
	managePages{s, &check{}}.mount(r)
	outboxPages{s}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	s.Texts.Family("projection.*", s.Runner.Names()...)
	for _, reactor := range s.Reactors {
		s.Texts.Family("reactor.*", reactor)
	}
}
