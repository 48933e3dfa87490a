// Package accounts is the section about accounts: their list, what is known of each, and
// what can be done to one or to several.
package accounts

import (
	"embed"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/audithistory"
	"sleutelbos/projections/models/letters"
	"sleutelbos/projections/models/messages"
	"sleutelbos/projections/models/organizationlist"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about accounts.
type Section struct{ frame.Site }

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(shown, lists.Templates, accountpage.Templates, templates)
	s.declareTexts()
	listPages{s}.mount(r)
	selectedPages{s}.mount(r)
	newPages{s}.mount(r)
	of := accountPages{s, accountpage.Heads{Site: s.Site}}
	tabPages{of}.mount(r)
	changePages{of}.mount(r)
	actPages{of}.mount(r)
	securityPages{of}.mount(r)
}

// shown are the read models that the section's pages show.
var shown = []string{accountlist.Table, accountdetail.Table, organizationlist.Table, audithistory.Table, letters.Table, messages.Table}

// accountPages are about one account.
type accountPages struct {
	Section
	heads accountpage.Heads
}

func (s accountPages) render(w http.ResponseWriter, r *http.Request, template string, h accountpage.Head, data any) error {
	return s.Pages.Render(w, r, template, frame.Page{Title: h.Name, Nav: "accounts", Organization: h.OrganizationID, Data: data})
}
