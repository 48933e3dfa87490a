// Package papers is the section about what leaves the house: letters and mails.
package papers

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/messages"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about letters and mails.
type Section struct {
	frame.Site
	Service *commands.Service
	Letter  func(lettercommands.Content) ([]byte, error) // the PDF
}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section([]string{letters.Table, messages.Table}, lists.Templates, templates)
	s.declareTexts()
	letterPages{s}.mount(r)
	messagePages{s}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	letterList.Declare(s.Texts)
	messageList.Declare(s.Texts)
	s.Texts.Family("letters.view.*", "to_print", "to_send", "sent", "invalid")
}
