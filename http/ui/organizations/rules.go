package organizations

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

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
	Key, Command string
	Fields       []string // members of the command
	Numbers      bool     // they are numbers
}

var organizationRules = []rule{
	{"password", "SetPasswordPolicy", []string{"minLength", "minUpper", "minDigits"}, true},
	{"activation", "SetActivationPolicy", []string{"months"}, true},
	{"username", "SetUsernameRule", []string{"rule"}, false},
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
	return s.Pages.Render(w, r, "rules", frame.Page{Title: words.Text(words.Of(r.Context()), "rules.title"), Nav: "organizations", Data: p, Problem: wrong})
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
	body := map[string]any{"organizationId": h.ID}
	for _, field := range set.Fields {
		value := strings.TrimSpace(r.PostFormValue(field))
		body[field] = value
		if number, err := strconv.Atoi(value); set.Numbers && err == nil {
			body[field] = number // what is no number is refused as of the wrong kind
		}
	}
	if _, err := s.Commands.RunSeen(r, set.Command, body); err != nil {
		details, ok := frame.Refused(r, err)
		if !ok {
			return err
		}
		return s.rulesPage(w, r, set, &details)
	}
	return s.Pages.Done(w, r, "/organizations/"+h.ID, words.Member("done.rule-*", set.Key))
}
