package account

import (
	"errors"
	"testing"
	"time"
)

// TestLoginRefusal holds AMB-O5.
func TestLoginRefusal(t *testing.T) {
	blocked, disabled := Blocked{Reason: "r"}, Disabled{Reason: "r"}
	until := ValiditySet{ValidUntil: "2026-03-01", EndsAt: noon}
	for name, test := range map[string]struct {
		past []Event
		at   time.Time
		want error
	}{
		"nobody":                              {nil, noon, ErrNotFound},
		"an active account":                   {active(), noon, nil},
		"closed, before all":                  {active(blocked, disabled, until, closed), noon, ErrClosed},
		"blocked, before disabled":            {active(disabled, blocked, until), noon, ErrBlocked},
		"disabled, before over":               {active(disabled, until), noon, ErrDisabled},
		"at the end of the last day":          {active(until), noon, ErrExpired},
		"a second before it":                  {active(until), noon.Add(-second), nil},
		"over, before not activated":          {[]Event{created, until}, noon, ErrExpired},
		"nothing sent":                        {[]Event{created}, noon, ErrActivationNotSent},
		"sent":                                {[]Event{created, sent}, noon, ErrActivationPending},
		"the activation a second before over": {[]Event{created, sent}, later.Add(-second), ErrActivationPending},
		"the activation over":                 {[]Event{created, sent}, later, ErrActivationExpired},
		"the activation superseded":           {[]Event{created, sent, ActivationSuperseded{}}, later, ErrActivationPending},
		"unblocked, enabled":                  {active(blocked, disabled, Unblocked{}, Enabled{}), noon, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := state(test.past...)
			if got := s.LoginRefusal(test.at); !errors.Is(got, test.want) || s.CanLogIn(test.at) != (test.want == nil) {
				t.Errorf("want %v, got %v", test.want, got)
			}
		})
	}
}

func TestInService(t *testing.T) {
	for name, test := range map[string]struct {
		past []Event
		want bool
	}{
		"nobody":                   {nil, false},
		"not activated yet":        {[]Event{created}, true},
		"active":                   {active(), true},
		"blocked":                  {active(Blocked{}), false},
		"disabled":                 {active(Disabled{}), false},
		"closed":                   {active(closed), false},
		"with an end in the years": {active(ValiditySet{ValidUntil: "2036-03-01", EndsAt: noon.AddDate(10, 0, 0)}), false},
		"with the end taken away":  {active(ValiditySet{ValidUntil: "2026-03-01", EndsAt: noon}, ValidityCleared{}), true},
	} {
		if got := state(test.past...).InService(); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAddress(t *testing.T) {
	for name, test := range map[string]struct{ username, email, want string }{
		"the username":                {"jan@voorbeeld.nl", "jan@thuis.nl", "jan@voorbeeld.nl"},
		"the address beside it":       {"jan", "jan@thuis.nl", "jan@thuis.nl"},
		"none":                        {"jan", "", ""},
		"not what only looks like it": {"jan@@voorbeeld.nl", "", ""},
	} {
		if got := (State{Username: test.username, Details: Details[string]{Email: test.email}}).Address(); got != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
