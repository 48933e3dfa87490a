// Package signin is the section for who is not signed in yet: the login form, the link of
// an activation, and the link that makes the first administrator.
package signin

import (
	"embed"
	"net/url"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	"sleutelbos/commands/activation"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages for who is not signed in.
type Section struct {
	frame.Site
	Askers    *session.Askers
	Service   *commands.Service
	PublicURL *url.URL
}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(templates)
	s.declareTexts()
	loginPages{s}.mount(r)
	activationPages{s}.mount(r)
	setupPages{s}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	for _, state := range []activation.State{
		activation.LinkExpired, activation.LinkSuperseded, activation.LinkCompleted, activation.LinkSuspended, activation.LinkCodeVoid, activation.LinkUnknown,
	} {
		s.Texts.Family("activation.is.*", string(state))
		s.Texts.Family("activation.explain.*", string(state))
	}
}
