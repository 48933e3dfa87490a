package organization

import (
	"testing"

	"sleutelbos/domain"
	"sleutelbos/domain/account"
	"sleutelbos/domain/decidertest"
)

var registered = Registered{Name: "Voorbeeld", Preset: PresetNEN, Policies: preset(PresetNEN).Basic}

// preset returns the policies of a preset that is known.
func preset(p Preset) Policies {
	policies, _ := p.Policies()
	return policies
}

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func code(c string) error { return &domain.Error{Code: c} }

func TestEveryCommandNeedsAnOrganization(t *testing.T) {
	for _, c := range []Command{
		AllowDomain{Domain: "voorbeeld.nl", Reservation: "domain-1"}, WithdrawDomain{Domain: "voorbeeld.nl"},
		Appoint{AccountID: "ann"}, Dismiss{AccountID: "ann"}, StandDown{AccountID: "ann", Because: BecauseStopped(account.BadgeBlocked)}, Restore{AccountID: "ann"},
		SetPolicies{Set: []Setting{{"licenses", "true"}}}, SetLetterSender{},
	} {
		given(t).When(c).ThenRefused(ErrNotFound)
	}
}
