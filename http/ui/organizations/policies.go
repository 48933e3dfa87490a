package organizations

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"sleutelbos/domain/organization"
	"sleutelbos/http/answers"
	"sleutelbos/http/words"
)

// policy is a rule of an organization as pages show it.
type policy struct {
	answers.PolicyInForce
	Says, UsualSays string // the values in words
	At              time.Time
	Choices         []policyChoice // of a flag, a choice and choices
	Zones           []string       // that are offered for a zone; any other one can be typed
	Later           bool           // the program does not act on it yet
}

// policyChoice is one of the values that a rule can have.
type policyChoice struct {
	Value, Text   string
	Chosen, Usual bool
}

// policies returns the rules of an organization as they were at a time; the zero time means now.
func (s Section) policies(r *http.Request, id string, at time.Time) ([]policy, error) {
	past := answers.Past{Source: s.Source, Asker: s.Reach.Asker(r, "ShowOrganization")}
	found, err := past.Policies(r.Context(), id, at)
	if err != nil {
		return nil, err
	}
	all := make([]policy, len(found.Items))
	for i, item := range found.Items {
		if all[i], err = policyPage(words.Of(r.Context()), item); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func policyPage(l words.Language, item answers.PolicyInForce) (policy, error) {
	of, _ := organization.PolicyNamed(item.Policy) // it is of the table
	at, err := time.Parse(time.RFC3339Nano, item.Since)
	p := policy{
		PolicyInForce: item, At: at, Later: item.Holds == organization.HoldsLater,
		Says: words.PolicyValue(l, of, item.Value), UsualSays: words.PolicyValue(l, of, item.Usual),
	}
	values := item.Values
	switch item.Kind {
	case organization.KindFlag:
		values = []string{"true", "false"}
	case organization.KindZone:
		p.Zones = organization.OfferedTimeZones()
	case organization.KindChoice, organization.KindChoices, organization.KindNumber, organization.KindDay:
	}
	for _, value := range values {
		p.Choices = append(p.Choices, policyChoice{
			Value: value, Text: words.PolicyValue(l, of, value),
			Chosen: contains(item.Value, value), Usual: contains(item.Usual, value),
		})
	}
	return p, err
}

// contains reports whether a value is one of those with commas between.
func contains(all, value string) bool { return slices.Contains(strings.Split(all, ","), value) }

// typed returns the rule with the value that somebody typed for it.
func (p policy) typed(value string) policy {
	p.Value = value
	p.Choices = slices.Clone(p.Choices)
	for i, c := range p.Choices {
		p.Choices[i].Chosen = contains(value, c.Value)
	}
	return p
}

// shown are the rules whose values a page can show as they are stored.
var shown = func() []string {
	var names []string
	for _, p := range organization.Table() {
		if p.Kind == organization.KindNumber || p.Kind == organization.KindZone || p.Kind == organization.KindDay {
			names = append(names, string(p.Name))
		}
	}
	return names
}()

func stream(organizationID string) string { return "organization-" + organizationID }
