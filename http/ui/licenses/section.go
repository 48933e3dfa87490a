// Package licenses is the section about licenses and the requests for them.
package licenses

import (
	"embed"
	"slices"

	"github.com/go-chi/chi/v5"

	"sleutelbos/domain/licenserequest"
	"sleutelbos/http/answers"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/ui/frame/forms"
	"sleutelbos/http/ui/frame/lists"
)

//go:embed all:templates
var templates embed.FS

// Section adds the pages about licenses.
type Section struct{ frame.Site }

// What the pages after forms show.
var (
	ofLicense = frame.Shows{answers.Licenses.Whole.Table}
	ofHolders = append(slices.Clone(ofLicense), answers.Accounts.List.Table) // and who has it
	ofRequest = frame.Shows{answers.Requests.Whole.Table}
)

// Mount adds the pages to a router.
func (s Section) Mount(r chi.Router) {
	s.Site = lists.Set{licenseList}.Mount(s.Site.Section(lists.Templates, forms.Templates, templates), r)
	s.declareTexts()
	licensePages{s}.mount(r)
	newLicense.Mount(s.Site, r)
	requestPages{s}.mount(r)
	decisionPages{requestPages{s}}.mount(r)
}

// declareTexts declares the members of the families of texts that the section uses.
func (s Section) declareTexts() {
	requestList.Declare(s.Texts)
	s.Texts.Family("request.undo-*", string(licenserequest.StatusApproved), string(licenserequest.StatusRejected))
}
