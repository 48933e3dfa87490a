package organizations

import (
	"net/http"
	"slices"
	"strings"
	"time"

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

type rulesPage struct {
	Head   organizationHead
	Rules  []policy
	Held   map[organization.PolicyName]string // what the rules hold now
	Wrong  organization.PolicyName            // the rule whose form was refused
	Now    string                             // what it holds now, if both changed it
	Reason string                             // as typed
}

func (s rulePages) showRules(w http.ResponseWriter, r *http.Request) error {
	return s.rulesPage(w, r, "", frame.Merged{}, nil)
}

func (s rulePages) rulesPage(w http.ResponseWriter, r *http.Request, refused organization.PolicyName, merged frame.Merged, wrong *problem.Details) error {
	if err := s.Reach.Need(r, "SetPolicy", rights.ManageOrganizations); err != nil {
		return err
	}
	h, err := s.head(r, "general")
	if err != nil {
		return err
	}
	p := rulesPage{Head: h, Wrong: refused, Held: map[organization.PolicyName]string{}, Reason: r.PostFormValue("reason")}
	if p.Rules, err = s.policies(r, h.ID, time.Time{}); err != nil {
		return err
	}
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "rules.title"), Nav: "organizations", Organization: h.ID, Problem: wrong}
	for i, rule := range p.Rules {
		p.Held[rule.Policy] = rule.Value
		if rule.Policy != refused {
			continue
		}
		p.Rules[i] = rule.typed(r.PostFormValue("value"))
		if len(merged.Both) > 0 {
			p.Now = rule.Says
		}
	}
	if page.Meanwhile, err = s.Reach.SeenSince(r, stream(h.ID), shown); err != nil {
		return err
	}
	if err := s.Reach.TellStale(r, &page, merged, stream(h.ID), shown); err != nil {
		return err
	}
	page.Data = p
	return s.Pages.Render(w, r, "rules", page)
}

// setRule gives one rule another value. The others are left alone, whatever happened to them since
// the form was drawn.
func (s rulePages) setRule(w http.ResponseWriter, r *http.Request) error {
	h, err := s.head(r, "")
	if err != nil {
		return err
	}
	name := organization.PolicyName(chi.URLParam(r, "rule"))
	if _, ok := organization.PolicyNamed(name); !ok {
		return problem.New(http.StatusNotFound, "not-found")
	}
	rules, err := s.policies(r, h.ID, time.Time{})
	if err != nil {
		return err
	}
	held := ""
	if i := slices.IndexFunc(rules, func(p policy) bool { return p.Policy == name }); i >= 0 {
		held = rules[i].Value
	}
	given := r.PostFormValue("value") // reads the form
	if several := r.PostForm["value"]; len(several) > 1 {
		given = strings.Join(several, ",")
	}
	r.PostForm.Set("value", strings.TrimSpace(given))
	merged, err := s.Commands.RunMerged(r, frame.Editing{Fields: []string{"value"}, Held: map[string]string{"value": held}, Revision: h.Revision, Body: func() (any, error) {
		return organizations.SetPolicy{OrganizationID: h.ID, Policy: name, Value: r.PostForm.Get("value"), Reason: r.PostForm.Get("reason")}, nil
	}}, ofOrganization)
	if err != nil {
		return frame.Again(r, err, func(wrong *problem.Details) error { return s.rulesPage(w, r, name, merged, wrong) })
	}
	return s.Pages.Done(w, r, merged.Seen("/organizations/"+h.ID+"/rules"), "done.rule-saved")
}
