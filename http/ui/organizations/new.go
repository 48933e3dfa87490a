package organizations

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
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
		for i, wrong := range details.Errors { // the form has one field for all of them
			if index, err := strconv.Atoi(strings.TrimPrefix(wrong.Pointer, "/domains/")); err == nil {
				line := lineOf(r.PostFormValue("domains"), index)
				details.Errors[i].Pointer, details.Errors[i].Detail = "/domains", words.Text(words.Of(r.Context()), "organization-new.line", line, wrong.Detail)
			}
		}
		return s.newOrganizationForm(w, r, id, frame.Typed(r, []string{"name", "preset", "domains"}), &details)
	}
	return s.Pages.Done(w, r, "/organizations/"+id, "done.organization-registered")
}

// lineOf returns the number of the line that holds the domain with an index among all that were typed.
func lineOf(typed string, index int) int {
	lines := strings.Split(typed, "\n")
	for i, line := range lines {
		if index -= len(domainsIn(line)); index < 0 {
			return i + 1
		}
	}
	return len(lines)
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
