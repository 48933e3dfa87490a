package rolegroup

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var created = Created{OrganizationID: "org", Name: "Standaard", Reservation: "rolegroupname-1"}

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }

func TestPermits(t *testing.T) {
	granted := PermissionGranted{Permission: Klant}
	for name, test := range map[string]struct {
		past []Event
		want bool
	}{
		"a group that is not there":    {nil, false},
		"a group without it":           {[]Event{created, PermissionGranted{Permission: School}}, false},
		"a group with it":              {[]Event{created, granted}, true},
		"a group from which it went":   {[]Event{created, granted, PermissionWithdrawn(granted)}, false},
		"a group that is out of use":   {[]Event{created, granted, Archived{}}, false},
		"a group of an earlier rename": {[]Event{created, granted, Renamed{Name: "Anders"}}, true},
	} {
		if got := Decider.Fold(State{}, test.past...).Permits(Klant); got != test.want {
			t.Errorf("%s permits: %v", name, got)
		}
	}
}
