package person

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
	"sleutelbos/domain/typed"
)

const today = "2026-03-14"

var registered = Registered{OrganizationID: "org", GivenName: "Jan", SurnamePrefix: "van der", Surname: "Berg", NameOrder: typed.PrefixLast}

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }

func TestNothingHappensToNobody(t *testing.T) {
	for _, c := range []Command{
		Change{}, StartEmployment{From: "2026-01-01"}, EndEmployment{Until: "2026-01-01"}, ContinueEmployment{}, WithdrawEmployment{From: "2026-01-01", Reason: "slip"},
		RegisterExternalContact{Contact{ExternalOrganization: "CLB"}}, EndExternalContact{}, ActivateVolunteer{}, DeactivateVolunteer{}, Shield{Reason: "staff"}, Unshield{},
	} {
		given(t).When(c).ThenRefused(ErrNotFound)
	}
}
