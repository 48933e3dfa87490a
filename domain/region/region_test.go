package region

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var created = Created{OrganizationID: "org", Name: "Delfland", Reservation: "regionname-1"}

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }
