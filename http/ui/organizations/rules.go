package organizations

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"sleutelbos/commands/engine"
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
	h, rules, err := s.rules(r)
	if err != nil {
		return err
	}
	return s.rulesPage(w, r, h, rules, refusedRule{}, nil)
}

// rules returns the organization in the path with its rules, for who may change them. They are told by all that
// happened to the organization, so that a request reads them once.
func (s rulePages) rules(r *http.Request) (organizationHead, []policy, error) {
	if err := s.Reach.Need(r, "SetPolicy", rights.ManageOrganizations); err != nil {
		return organizationHead{}, nil, err
	}
	h, err := s.head(r, "general")
	if err != nil {
		return organizationHead{}, nil, err
	}
	rules, err := s.policies(r, h.ID, time.Time{})
	return h, rules, err
}

// refusedRule is the rule whose form was refused. The zero value is none.
type refusedRule struct {
	organization.PolicyName
	frame.Merged
}

func (s rulePages) rulesPage(w http.ResponseWriter, r *http.Request, h organizationHead, rules []policy, refused refusedRule, wrong *problem.Details) error {
	p := rulesPage{Head: h, Rules: rules, Wrong: refused.PolicyName, Held: map[organization.PolicyName]string{}, Reason: r.PostFormValue("reason")}
	page := frame.Page{Title: words.Text(words.Of(r.Context()), "rules.title"), Nav: "organizations", Organization: h.ID, Problem: wrong}
	for i, rule := range p.Rules {
		p.Held[rule.Policy] = rule.Value
		if rule.Policy != refused.PolicyName {
			continue
		}
		p.Rules[i] = rule.typed(r.PostFormValue("value"))
		if len(refused.Both) > 0 {
			p.Now = rule.Says
		}
	}
	var err error
	if page.Meanwhile, err = s.Reach.SeenSince(r, stream(h.ID), shown); err != nil {
		return err
	}
	if err := s.Reach.TellStale(r, &page, refused.Merged, stream(h.ID), shown); err != nil {
		return err
	}
	page.Data = p
	return s.Pages.Render(w, r, "rules", page)
}

// setRule gives one rule another value. The others are left alone, whatever happened to them since
// the form was drawn.
func (s rulePages) setRule(w http.ResponseWriter, r *http.Request) error {
	name := organization.PolicyName(chi.URLParam(r, "rule"))
	if _, ok := organization.PolicyNamed(name); !ok {
		return problem.New(http.StatusNotFound, "not-found")
	}
	h, rules, err := s.rules(r)
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
		if errors.Is(err, engine.ErrStale) { // others were here: the page shows what they left
			var unread error
			if h, rules, unread = s.rules(r); unread != nil {
				return unread
			}
		}
		return frame.Again(r, err, func(wrong *problem.Details) error {
			return s.rulesPage(w, r, h, rules, refusedRule{name, merged}, wrong)
		})
	}
	return s.Pages.Done(w, r, merged.Seen("/organizations/"+h.ID+"/rules"), "done.rule-saved")
}
