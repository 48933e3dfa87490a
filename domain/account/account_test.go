package account

import (
	"strings"
	"testing"
	"time"

	"sleutelbos/domain"
	"sleutelbos/domain/decidertest"
)

var (
	noon    = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	later   = noon.Add(24 * time.Hour)
	second  = time.Second
	tooLong = strings.Repeat("x", 2001)

	created = Created{
		OrganizationID: "org", Username: "jan@voorbeeld.nl", UsernameReservation: "username-1", Name: "Jan",
		Role: RoleUser, Channel: ChannelMailLink,
	}
	withLetter = Created{
		OrganizationID: "org", Username: "jan@voorbeeld.nl", UsernameReservation: "username-1", Name: "Jan",
		Role: RoleUser, Channel: ChannelMailAndLetter,
	}
	byAdmin = Created{
		OrganizationID: "org", Username: "jan", UsernameReservation: "username-1", Name: "Jan",
		Role: RoleUser, Channel: ChannelAdminPassword,
	}
	program = Created{
		OrganizationID: "org", Username: "webservices@voorbeeld.nl", UsernameReservation: "username-1", Name: "Koppeling",
		Role: RoleService, Channel: ChannelAdminPassword,
	}
	sent      = ActivationSent{Channel: ChannelMailLink, CredentialID: "link-1", Attempt: 1, ExpiresAt: later}
	sentTwice = ActivationSent{
		Channel: ChannelMailAndLetter, CredentialID: "link-1", CodeCredentialID: "code-1", LetterID: "letter-1", Attempt: 1, ExpiresAt: later,
	}
	chosen = PasswordChosen{CredentialID: "password-1"}
	closed = Closed{Reason: "left"}
)

// active is the past of an account in use.
func active(more ...Event) []Event {
	return append([]Event{created, sent, chosen, Activated{}}, more...)
}

func given(t *testing.T, past ...Event) decidertest.Scenario[State, Command, Event] {
	t.Helper()
	return decidertest.Given(t, Decider, past...)
}

func state(past ...Event) State { return Decider.Fold(State{}, past...) }

func code(c string) error { return &domain.Error{Code: c} }

func TestEveryCommandNeedsAnAccount(t *testing.T) {
	for _, c := range []Command{
		SendActivation{CredentialID: "link", ExpiresAt: later, Now: noon}, ExpireActivation{}, RejectCode{CredentialID: "link"},
		Activate{CredentialID: "link", PasswordCredentialID: "password"}, SetPassword{CredentialID: "password"},
		RequirePasswordChange{}, ChangePassword{CredentialID: "password"}, Block{Reason: "r"}, Unblock{}, RedirectMail{Now: noon}, EndMailRedirect{Now: noon}, Disable{Reason: "r"}, Enable{},
		Close{Reason: "r"}, SetValidUntil{ValidUntil: "2026-12-31", EndsAt: later}, ClearValidUntil{}, Expire{Now: later},
		ChangeUsername{Username: "piet", UsernameReservation: "username-2"}, ChangeDetails{},
		IssueAPIKey{KeyID: "k", Name: "n", Prefix: "p"}, RevokeAPIKey{KeyID: "k"},
	} {
		given(t).When(c).ThenRefused(ErrNotFound)
	}
}

func TestAClosedAccountRefusesEverything(t *testing.T) {
	name := "Piet"
	for _, c := range []Command{
		SendActivation{CredentialID: "link", ExpiresAt: later, Now: noon}, RejectCode{CredentialID: "link"},
		Activate{CredentialID: "link", PasswordCredentialID: "password"}, SetPassword{CredentialID: "password"},
		RequirePasswordChange{}, ChangePassword{CredentialID: "password"}, Block{Reason: "r"}, Unblock{}, Disable{Reason: "r"}, Enable{},
		SetValidUntil{ValidUntil: "2026-12-31", EndsAt: later}, ClearValidUntil{},
		ChangeUsername{Username: "piet", UsernameReservation: "username-2"}, ChangeDetails{NameChange: NameChange{Name: &name}},
		IssueAPIKey{KeyID: "k", Name: "n", Prefix: "p"}, RevokeAPIKey{KeyID: "k"},
	} {
		given(t, active(closed)...).When(c).ThenRefused(ErrClosed)
	}
}
