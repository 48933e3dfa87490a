package organizations

import (
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
	{"username", []string{"rule"}, func(r *http.Request, id string) (any, error) {
		body, err := frame.Decode[organizations.SetUsernameRule](r)
		body.OrganizationID = id
		return body, err
	}},
}

type rulesPage struct {
	Head  organizationHead
	Typed map[string]string
	Wrong string // the rule whose form was refused
	Rules []organization.UsernameRule
}

func (s rulePages) showRules(w http.ResponseWriter, r *http.Request) error {
	return s.rulesPage(w, r, rule{}, nil)
}

func (s rulePages) rulesPage(w http.ResponseWriter, r *http.Request, refusedRule rule, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "SetPasswordPolicy", rights.ManageOrganizations); err != nil {
		return err
	}
	h, err := s.head(r, "general")
	if err != nil {
		return err
	}
	p := rulesPage{Head: h, Wrong: refusedRule.Key, Typed: map[string]string{
		"minLength": strconv.FormatInt(h.PasswordMinLength, 10), "minUpper": strconv.FormatInt(h.PasswordMinUpper, 10),
		"minDigits": strconv.FormatInt(h.PasswordMinDigits, 10), "months": strconv.FormatInt(h.ActivationMonths, 10), "rule": h.UsernameRule,
	}, Rules: []organization.UsernameRule{organization.UsernameEmail, organization.UsernameEmailInAllowedDomain, organization.UsernameUnique}}
	for _, field := range refusedRule.Fields {
		p.Typed[field] = r.PostFormValue(field)
	}
	if wrong != nil && wrong.Status == http.StatusPreconditionFailed {
		wrong.Detail = words.Text(words.Of(r.Context()), "change.stale")
	}
	return s.Pages.Render(w, r, "rules", frame.Page{Title: words.Text(words.Of(r.Context()), "rules.title"), Nav: "organizations", Organization: h.ID, Data: p, Problem: wrong})
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
	body, err := set.Body(r, h.ID)
	if err == nil {
		_, err = s.Commands.RunSeen(r, body, ofOrganization)
	}
	if err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return s.rulesPage(w, r, set, &details)
	}
	return s.Pages.Done(w, r, "/organizations/"+h.ID, words.Member("done.rule-*", set.Key))
}
