package organizations

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/organizations"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/organization"
	"sleutelbos/http/problem"
	"sleutelbos/http/ui/frame"
	"sleutelbos/http/words"
)

// rulePages change the rules of an organization.
type rulePages struct{ Section }

func (s rulePages) mount(r chi.Router) {
	r.Get("/organizations/{id}/rules", s.Pages.SignedIn(s.showRules))
	r.Post("/organizations/{id}/rules/{rule}", s.Pages.SignedIn(s.setRule))
}

// rule is one of an organization's rules, with a form of its own.
type rule struct {
	Key    string
	Fields []string // members of the command
	// Body reads the form, for the organization with an id.
	Body func(r *http.Request, id string) (any, error)
}

var organizationRules = []rule{
	{"password", []string{"minLength", "minUpper", "minDigits"}, func(r *http.Request, id string) (any, error) {
		body, err := frame.Decode[organizations.SetPasswordPolicy](r)
		body.OrganizationID = id
		return body, err
	}},
	{"activation", []string{"months"}, func(r *http.Request, id string) (any, error) {
		body, err := frame.Decode[organizations.SetActivationPolicy](r)
		body.OrganizationID = id
		return body, err
	}},
	{"zone", []string{"timeZone"}, func(r *http.Request, id string) (any, error) {
		body, err := frame.Decode[organizations.SetTimeZone](r)
		body.OrganizationID = id
		return body, err
	}},
	{"username", []string{"rule"}, func(r *http.Request, id string) (any, error) {
		body, err := frame.Decode[organizations.SetUsernameRule](r)
		body.OrganizationID = id
		return body, err
	}},
}

type rulesPage struct {
	Head  organizationHead
	Held  map[string]string // what the fields hold now
	Typed map[string]string
	Now   map[string]string // of the fields that both changed, what they hold
	Wrong string            // the rule whose form was refused
	Rules []organization.UsernameRule
	Zones []string // that are offered; any other one can be typed
}

func (s rulePages) showRules(w http.ResponseWriter, r *http.Request) error {
	return s.rulesPage(w, r, rule{}, frame.Merged{}, nil)
}

func (s rulePages) rulesPage(w http.ResponseWriter, r *http.Request, refused rule, merged frame.Merged, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "SetPasswordPolicy", rights.ManageOrganizations); err != nil {
		return err
	}
	h, err := s.head(r, "general")
	if err != nil {
		return err
	}
	held := heldRules(h)
	p := rulesPage{Head: h, Wrong: refused.Key, Held: held, Typed: maps.Clone(held), Rules: []organization.UsernameRule{organization.UsernameEmail, organization.UsernameEmailInAllowedDomain, organization.UsernameUnique}, Zones: organization.OfferedTimeZones()}
	for _, field := range refused.Fields {
		p.Typed[field] = r.PostFormValue(field)
	}
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "rules.title"), Nav: "organizations", Organization: h.ID, Problem: wrong}
	if wrong != nil && wrong.Status == http.StatusPreconditionFailed {
		p.Now = map[string]string{}
		for _, field := range merged.Both {
			p.Now[field] = held[field]
		}
		wrong.Detail = words.Text(words.Of(r.Context()), "change.stale")
		if page.Meanwhile, err = s.Reach.Meanwhile(r, stream(h.ID), merged.Since, numbers); err != nil {
			return err
		}
	}
	page.Data = p
	return s.Pages.Render(w, r, "rules", page)
}

// numbers are the fields of the rules whose values need no words.
var numbers = []string{"minLength", "minUpper", "minDigits", "months", "timeZone"}

func stream(organizationID string) string { return "organization-" + organizationID }

// heldRules returns what the fields of the forms hold now.
func heldRules(h organizationHead) map[string]string {
	return map[string]string{
		"minLength": strconv.FormatInt(h.PasswordMinLength, 10), "minUpper": strconv.FormatInt(h.PasswordMinUpper, 10),
		"minDigits": strconv.FormatInt(h.PasswordMinDigits, 10), "months": strconv.FormatInt(h.ActivationMonths, 10), "rule": h.UsernameRule,
		"timeZone": h.TimeZone,
	}
}

func (s rulePages) setRule(w http.ResponseWriter, r *http.Request) error {
	i := slices.IndexFunc(organizationRules, func(c rule) bool { return c.Key == chi.URLParam(r, "rule") })
	h, err := s.head(r, "")
	switch {
	case err != nil:
		return err
	case i < 0:
		return problem.New(http.StatusNotFound, "not-found")
	}
	set := organizationRules[i]
	merged, err := s.Commands.RunMerged(r, frame.Editing{Fields: set.Fields, Held: heldRules(h), Revision: h.Revision, Body: func() (any, error) { return set.Body(r, h.ID) }}, ofOrganization)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.rulesPage(w, r, set, merged, wrong) })
	}
	return s.Pages.Done(w, r, merged.Seen("/organizations/"+h.ID), words.Member("done.rule-*", set.Key))
}
