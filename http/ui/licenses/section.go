// Package licenses is the section about licenses and the requests for them.
package licenses

import (
	"embed"

	"github.com/go-chi/chi/v5"

	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/lists"
	"sleutelbos/projections/models/accountdetail"
	"sleutelbos/projections/models/accountlist"
	"sleutelbos/projections/models/licenselist"
	"sleutelbos/projections/models/licenserequests"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about licenses.
type Section struct{ frame.Site }

// shown are the read models that the section's pages show.
var shown = []string{licenselist.Table, licenserequests.Table, accountlist.Table, accountdetail.Table}

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = lists.Set{licenseList}.Mount(s.Site.Section(shown, lists.Templates, templates), r)
	s.declareTexts()
	licensePages{s}.mount(r)
	newPages{s}.mount(r)
	requestPages{s}.mount(r)
	decisionPages{requestPages{s}}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	requestList.Declare(s.Texts)
}
