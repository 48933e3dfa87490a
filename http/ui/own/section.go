// Package own is the section of whoever is signed in: the page that everybody begins on,
// the own account, its licenses and its password.
package own

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	"sleutelbos/http/answers"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages of whoever is signed in.
type Section struct {
	frame.Site
	Askers  *session.Askers
	Service *commands.Service
	Runner  answers.Runner
}

// What the pages after forms show.
var (
	ofAccount  = frame.Shows{answers.Accounts.Whole.Table}
	ofRequests = frame.Shows{answers.Requests.List.Table}
)

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(templates)
	s.declareTexts()
	homePages{s}.mount(r)
	ownPages{s}.mount(r)
	passwordPages{s}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	s.Texts.Family("home.step.*", "organization", "admin", "account", "signin")
	s.Texts.Family("home.waits.*", "requests", "expired", "not-sent", "ending", "letters", "mails")
}
