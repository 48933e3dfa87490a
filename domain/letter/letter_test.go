package letter

import (
	"errors"
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var (
	created = Created{
		AccountID: "ann", OrganizationID: "org", Kind: KindActivationCode,
		Subject: "Activatiegegevens van ons klantenportaal", Recipient: "Ann", CredentialID: "code-1",
	}
	printed = Printed{AccountID: "ann"}
	sent    = Sent{AccountID: "ann"}
	invalid = Invalidated{AccountID: "ann", Because: BecauseActivated}
)

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }

func TestMayBePrinted(t *testing.T) {
	for name, test := range map[string]struct {
		past []Event
		want error
	}{
		"none": {nil, ErrNotFound}, "made": {[]Event{created}, nil}, "printed": {[]Event{created, printed}, nil},
		"invalid": {[]Event{created, invalid}, ErrInvalid},
	} {
		if err := Decider.Fold(State{}, test.past...).MayBePrinted(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
