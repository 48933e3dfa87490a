package answers

import (
	"context"
	"reflect"
	"time"

	"sleutelbos/domain/organization"
	"sleutelbos/eventstore/catalog"
	"sleutelbos/projections/machinery/listing"
	"sleutelbos/projections/models/audithistory"
)

// PoliciesInForce are the policies of an organization at a moment.
type PoliciesInForce struct {
	OrganizationID string          `json:"organizationId" format:"uuid"`
	Preset         string          `json:"preset"`
	Items          []PolicyInForce `json:"items"`
}

// PolicyInForce is a policy with its value, and where that comes from.
type PolicyInForce struct {
	Policy  organization.PolicyName `json:"policy" enum:"values"`
	Kind    organization.PolicyKind `json:"kind" enum:"values"`
	Value   string                  `json:"value" doc:"Of several, with commas between. A day is yyyy-mm-dd, or empty for none."`
	Usual   string                  `json:"presetValue" doc:"What the preset says."`
	Differs bool                    `json:"differs" doc:"The value is not the preset's."`
	Holds   organization.Holds      `json:"holds" enum:"values" doc:"now: the program acts on it. later: it is recorded and shown, and nothing acts on it yet."`
	Values  []string                `json:"values,omitempty" doc:"What a choice may be."`
	Least   *int                    `json:"least,omitempty"`
	Most    *int                    `json:"most,omitempty"`
	Since   string                  `json:"since" format:"date-time" doc:"When it got this value."`
	By      Actor                   `json:"by" doc:"Who gave it this value."`
	Reason  *string                 `json:"reason"`
}

// policyTypes are the stored names of the events that say what the policies are.
var policyTypes = func() []string {
	var names []string
	for _, a := range catalog.Aggregates() {
		for _, e := range a.Events {
			if e.Type == reflect.TypeFor[organization.Registered]() || e.Type.Implements(reflect.TypeFor[organization.PolicyEvent]()) {
				names = append(names, e.Name)
			}
		}
	}
	return names
}()

// Policies returns the policies of an organization as they were at a time; the zero time means
// now. Before the organization was there it has none. That it is within the asker's reach is
// checked before.
func (p Past) Policies(ctx context.Context, organizationID string, at time.Time) (PoliciesInForce, error) {
	found := PoliciesInForce{OrganizationID: organizationID, Items: []PolicyInForce{}}
	var state organization.State
	set, lines := map[organization.PolicyName]HistoryLine{}, p.Lines()
	filter := audithistory.Filter{Stream: "organization-" + organizationID, Types: policyTypes}
	for row, err := range audithistory.All(ctx, p.Source.DB, filter, listing.Query{}) {
		if err != nil {
			return found, err
		}
		if !at.IsZero() && row.OccurredAt.After(at) {
			break
		}
		opened, err := lines.Opener.Open(ctx, row)
		if err != nil {
			return found, err
		}
		line, err := lines.line(ctx, opened)
		if err != nil {
			return found, err
		}
		event, _ := opened.Event.(organization.Event) // the types are those of an organization
		before := state
		state = organization.Decider.Evolve(state, event)
		for _, policy := range organization.Table() {
			if !before.Exists || policy.Of(before.Policies) != policy.Of(state.Policies) {
				set[policy.Name] = line
			}
		}
	}
	if !state.Exists {
		return found, nil
	}
	found.Preset = string(state.Preset)
	for _, policy := range organization.Table() {
		found.Items = append(found.Items, inForce(policy, state, set[policy.Name]))
	}
	return found, nil
}

func inForce(p organization.Policy, state organization.State, set HistoryLine) PolicyInForce {
	item := PolicyInForce{
		Policy: p.Name, Kind: p.Kind, Value: p.Of(state.Policies), Usual: p.Usual(state.Preset), Holds: p.Holds, Values: p.Values,
		Since: set.At, By: set.Actor, Reason: set.Reason,
	}
	if item.Differs = item.Value != item.Usual; p.Kind == organization.KindNumber {
		item.Least, item.Most = &p.Least, &p.Most
	}
	return item
}
