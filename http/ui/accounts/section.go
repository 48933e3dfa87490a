// Package accounts is the section about accounts: their list, what is known of each, and
// what can be done to one or to several.
package accounts

import (
	"context"
	"embed"
	"net/http"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/accountpage"
	"sleutelbos/http/ui/frame/lists"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about accounts.
type Section struct {
	frame.Site
	// Background runs a job until it is done or the program ends.
	Background func(job func(context.Context))
}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = s.Site.Section(lists.Templates, accountpage.Templates, templates)
	s.declareTexts()
	listPages{s}.mount(r)
	selectedPages{s, newDesks()}.mount(r)
	newPages{s}.mount(r)
	of := accountPages{s, accountpage.Heads{Site: s.Site}}
	tabPages{of}.mount(r)
	changePages{of}.mount(r)
	actPages{of}.mount(r)
	securityPages{of}.mount(r)
	licensePages{of}.mount(r)
	rolePages{of}.mount(r)
}

// What the pages after forms show.
var (
	ofAccount = frame.Shows{answers.Accounts.Whole.Table, answers.Organizations.Whole.Table} // who administers is the organization's
	ofList    = frame.Shows{answers.Accounts.List.Table}
)

// accountPages are about one account.
type accountPages struct {
	Section
	heads accountpage.Heads
}

func (s accountPages) render(w http.ResponseWriter, r *http.Request, template string, h accountpage.Head, data any) error {
	return s.Pages.Render(w, r, template, frame.Page{Title: h.Name, Nav: "accounts", Organization: h.OrganizationID, Data: data})
}
