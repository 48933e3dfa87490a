package license

import (
	"errors"
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var registered = Registered{OrganizationID: "org", Name: "Norms", ShownInSelection: true}

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }

// TestMayBeRequested holds N-11 and N-22.
func TestMayBeRequested(t *testing.T) {
	for name, test := range map[string]struct {
		past []Event
		want error
	}{
		"one that is not there":    {nil, ErrNotFound},
		"one that is shown":        {[]Event{registered}, nil},
		"one that is hidden":       {[]Event{Registered{Name: "Norms"}}, ErrHidden},
		"one that everyone has":    {[]Event{Registered{Name: "Norms", CompanyWide: true, ShownInSelection: true}}, ErrCompanyWide},
		"one that is both of them": {[]Event{Registered{Name: "Norms", CompanyWide: true}}, ErrCompanyWide},
	} {
		if err := Decider.Fold(State{}, test.past...).MayBeRequested(); !errors.Is(err, test.want) {
			t.Errorf("%s: want %v, got %v", name, test.want, err)
		}
	}
}
