package licenserequest

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var (
	requested = Requested{AccountID: "ann", OrganizationID: "org", LicenseID: "norms", Reason: "a project", Reservation: "openrequest-1"}
	approved  = Approved{AccountID: "ann", OrganizationID: "org", LicenseID: "norms"}
	rejected  = Rejected{AccountID: "ann", OrganizationID: "org", LicenseID: "norms", Reason: "no money"}
	withdrawn = Withdrawn{AccountID: "ann", OrganizationID: "org", LicenseID: "norms"}
)

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }

func TestOpen(t *testing.T) {
	for name, test := range map[string]struct {
		past []Event
		want bool
	}{
		"none": {nil, false}, "requested": {[]Event{requested}, true}, "approved": {[]Event{requested, approved}, false},
		"rejected": {[]Event{requested, rejected}, false}, "withdrawn": {[]Event{requested, withdrawn}, false},
	} {
		if got := Decider.Fold(State{}, test.past...).Open(); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
