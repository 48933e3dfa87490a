package organizations

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/mailaddress"
	"sleutelbos/domain/organization"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// newPages register an organization.
type newPages struct{ Section }

func (s newPages) mount(r chi.Router) {
	r.Get("/organizations/new", s.Pages.SignedIn(s.showNewOrganization))
	r.Post("/organizations/new", s.Pages.SignedIn(s.newOrganization))
}

type newOrganizationPage struct {
	OrganizationID string // chosen by the form, so that sending it twice makes one
	Presets        []presetChoice
	Typed          map[string]string
}

// presetChoice is a preset with the rules that come with it.
type presetChoice struct {
	Name organization.Preset
	organization.Policies
}

func presets() []presetChoice {
	var choices []presetChoice
	for _, p := range organization.Presets() {
		if policies, ok := p.Policies(); ok {
			choices = append(choices, presetChoice{p, policies})
		}
	}
	return choices
}

func (s newPages) showNewOrganization(w http.ResponseWriter, r *http.Request) error {
	return s.newOrganizationForm(w, r, uuid.NewString(), map[string]string{}, nil)
}

func (s newPages) newOrganizationForm(w http.ResponseWriter, r *http.Request, id string, typed map[string]string, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "RegisterOrganization", rights.ManageOrganizations); err != nil {
		return err
	}
	p := newOrganizationPage{OrganizationID: id, Presets: presets(), Typed: typed}
	return s.Pages.Render(w, r, "new", frame.Page{Title: words.Text(words.Of(r.Context()), "organization-new.title"), Nav: "organizations", Data: p, Problem: wrong})
}

func (s newPages) newOrganization(w http.ResponseWriter, r *http.Request) error {
	body, err := frame.Decode[organizations.RegisterOrganization](r)
	if err != nil {
		return err
	}
	if uuid.Validate(body.OrganizationID) != nil {
		body.OrganizationID = uuid.NewString()
	}
	id := body.OrganizationID
	body.Domains = domainsIn(r.PostFormValue("domains"))
	if _, err := s.Commands.Run(r, body, ofOrganization); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		for i := range details.Errors { // the form has one field for all of them
			if strings.HasPrefix(details.Errors[i].Pointer, "/domain") {
				details.Errors[i].Pointer = "/domains"
				if line := wrongLine(r.PostFormValue("domains")); line > 0 && details.Errors[i].Code == organization.ErrDomainInvalid.Code {
					details.Errors[i].Detail = words.Text(words.Of(r.Context()), "organization-new.line", line, details.Errors[i].Detail)
				}
			}
		}
		return s.newOrganizationForm(w, r, id, frame.Typed(r, []string{"name", "preset", "domains"}), &details)
	}
	return s.Pages.Done(w, r, "/organizations/"+id, "done.organization-registered")
}

// wrongLine returns the number of the first line that holds something that is no domain; 0 if
// none does.
func wrongLine(typed string) int {
	for i, line := range strings.Split(typed, "\n") {
		for _, domain := range domainsIn(line) {
			if _, err := mailaddress.Domain(domain); err != nil {
				return i + 1
			}
		}
	}
	return 0
}

// domainsIn reads mail domains as people type them: one a line, or with commas, and with
// or without the sign before it.
func domainsIn(typed string) []string {
	var domains []string
	for _, part := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t", r) }) {
		domains = append(domains, strings.ToLower(strings.TrimPrefix(part, "@")))
	}
	return domains
}
