// Package history is the section about what happened: the past of an account, seen from any
// moment, the proof that it is as it was written, and the whole log.
package history

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/eventstore"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/projections/models/accountfacts"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about what happened.
type Section struct {
	frame.Site
	// Log is read again to check chains.
	Log   eventstore.Journal
	Seals frame.Seals
}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(accountpage.Templates, templates)
	s.declareTexts()
	heads := accountpage.Heads{Site: s.Site}
	reader := lineReader{s.Site}
	historyPages{s.Site, heads, reader}.mount(r)
	proofPages{s, heads}.mount(r)
	auditPages{s.Site, reader}.mount(r)
	thingPages{s.Site, reader}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	for _, group := range accountfacts.Groups() {
		s.Texts.Family("facts.*", string(group))
	}
	s.Texts.Family("audit.chip-*", "actor", "subject")
	accountpage.DeclareTexts(s.Texts)
}
