// Package organizations is the section about organizations: their list, their domains,
// administrators and licenses, and the rules that hold in them.
package organizations

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/domain"
	"sleutelbos/domain/mailtemplate"
	"sleutelbos/domain/message"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/audithistory"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about organizations.
type Section struct{ frame.Site }

// ofOrganization is what the pages after forms show.
var ofOrganization = frame.Shows{answers.Organizations.Whole.Table, audithistory.Table}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(lists.Templates, templates)
	s.declareTexts()
	listPages{s}.mount(r)
	newPages{s}.mount(r)
	tabPages{s}.mount(r)
	domainPages{tabPages{s}}.mount(r)
	rulePages{s}.mount(r)
	senderPages{s}.mount(r)
	mailTextPages{s}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	organizationList.Declare(s.Texts)
	s.Texts.Family("mailtexts.*", message.Languages()...)
	s.Texts.Family("placeholder.*", domain.Values(mailtemplate.Placeholders())...)
	s.Texts.Family("will.after.*", "withdraw-domain")
	s.Texts.Family("will.instead.*", "withdraw-domain.reservation.released.v1")
}
