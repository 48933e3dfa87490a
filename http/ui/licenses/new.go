package licenses

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/http/problem"
	"sleutelbos/http/session"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// newPages register a license.
type newPages struct{ Section }

func (s newPages) mount(r chi.Router) {
	r.Get("/licenses/new", s.Pages.SignedIn(s.showNewLicense))
	r.Post("/licenses/new", s.Pages.SignedIn(s.newLicense))
}

type newLicensePage struct {
	Key, Organization, Name string
	CompanyWide, Shown      bool
	Organizations           frame.Choice // empty for who has but one
}

func (s newPages) showNewLicense(w http.ResponseWriter, r *http.Request) error {
	return s.newLicensePage(w, r, newLicensePage{Key: frame.NewKey(), Organization: r.URL.Query().Get("organizationId"), Name: r.URL.Query().Get("name"), Shown: true}, nil)
}

func (s newPages) newLicensePage(w http.ResponseWriter, r *http.Request, p newLicensePage, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "RegisterLicense", rights.ManageLicenses); err != nil {
		return err
	}
	if scope, _ := frame.Within(session.Who(r.Context()), rights.ManageLicenses); scope == "" {
		p.Organizations = frame.ChoiceOf(r, "field-organizationId", "organizationId")
		if err := s.Names.Organizations(r.Context(), &p.Organizations, p.Organization); err != nil {
			return err
		}
	}
	return s.Pages.Render(w, r, "licensenew", frame.Page{Title: words.Text(words.Of(r.Context()), "license.new"), Nav: "licenses", Data: p, Problem: wrong})
}

func (s newPages) newLicense(w http.ResponseWriter, r *http.Request) error {
	p := newLicensePage{
		Key: r.PostFormValue("key"), Organization: r.PostFormValue("organizationId"), Name: r.PostFormValue("name"),
		CompanyWide: frame.Ticked(r, "companyWide"), Shown: frame.Ticked(r, "shownInSelection"),
	}
	body, err := frame.Decode[licenses.RegisterLicense](r)
	if err != nil {
		return err
	}
	if scope, _ := frame.Within(session.Who(r.Context()), rights.ManageLicenses); scope != "" {
		body.OrganizationID = scope
	}
	outcome, err := s.Commands.RunOnce(r, frame.OnceKey(p.Key, "license"), body, ofLicense)
	if err == nil {
		return s.Pages.Done(w, r, "/licenses/"+madeID(outcome, "license-"), "done.license-registered")
	}
	details, ok := frame.Refused(r, err)
	if !ok {
		return err
	}
	p.Key = frame.NewKey()
	return s.newLicensePage(w, r, p, &details)
}

// madeID returns the id of what a command made: of its own aggregate, whose stream comes
// first.
func madeID(o engine.Outcome, prefix string) string {
	if len(o.Streams) == 0 {
		return ""
	}
	return strings.TrimPrefix(o.Streams[0].Stream, prefix)
}
