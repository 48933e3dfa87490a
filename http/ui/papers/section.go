// Package papers is the section about what leaves the house: letters and mails.
package papers

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands"
	lettercommands "sleutelbos/commands/letters"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about letters and mails.
type Section struct {
	frame.Site
	Service *commands.Service
	Letter  func(...lettercommands.Content) ([]byte, error) // the PDF
}

// papers are the lists of the section.
var papers = lists.Set{letterList, letterAccountList, messageList}

// ofLetter is what the pages after forms show.
var ofLetter = frame.Shows{answers.Letters.Whole.Table}

// ofMessage is likewise.
var ofMessage = frame.Shows{answers.Messages.Whole.Table}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = papers.Mount(s.Site.Section(lists.Templates, templates), r)
	s.declareTexts()
	letterPages{s}.mount(r)
	r.Post("/messages/resend", s.Pages.SignedIn(s.runSelected(resent, messageList.Show, "/messages", ofMessage, "done.messages-resent")))
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	s.Texts.Family("letters.view.*", "to_print", "to_send", "sent", "invalid")
}
