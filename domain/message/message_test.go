package message

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var (
	queued  = Queued{AccountID: "ann", OrganizationID: "org", Template: "registration", Recipient: "ann@voorbeeld.nl", Language: "nl"}
	failed  = Failed{AccountID: "ann", Attempt: 1, Error: "timeout"}
	sent    = Sent{AccountID: "ann", Attempt: 1}
	givenUp = GivenUp{AccountID: "ann"}
)

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }
