package commands_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"sleutelbos/commands/rights"
	"sleutelbos/commands/setup"
	"sleutelbos/commands/signin"
	"sleutelbos/domain/organization"
	"sleutelbos/eventstore"
)

var errKilled = errors.New("the program was killed here")

// killedAt lets the store take so many appends, and loses every one after them.
func (h *house) killedAt(n int) (reached func() bool) {
	left := n
	h.store.breaks(func(string, []eventstore.Event) error {
		if left--; left < 0 {
			return errKilled
		}
		return nil
	})
	return func() bool { return left < 0 }
}

// TestF9_BootstrapGoesOn ends the start at every append; the next one completes it, whatever the
// first one left.
func TestF9_BootstrapGoesOn(t *testing.T) {
	first := setup.First{Username: "root@example.nl", Password: goodPassword, APIKey: "0123456789abcdef0123456789abcdef"}
	for n := 0; ; n++ {
		h := emptyHouse(t)
		h.apart = true // each append by itself
		h.restart()
		reached := h.killedAt(n)
		_, err := h.Setup.Bootstrap(t.Context(), first)
		if !reached() {
			if n < 6 {
				t.Fatalf("there were %d appends only", n)
			}
			return
		}
		if err == nil {
			t.Fatalf("append %d: the start went on", n)
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			h.t = t
			h.restart()
			token, err := h.Setup.Bootstrap(t.Context(), first)
			must(t, err)
			same(t, token, "")
			h.isSetUp(first)
			before := h.head()
			h.restart()
			_, err = h.Setup.Bootstrap(t.Context(), first)
			must(t, err)
			same(t, h.head(), before)
		})
		h.t = t
	}
}

// TestF9_AHalfStartLeavesAWayIn: a start that is not told again what to make gives a setup link as
// long as nobody can get in.
func TestF9_AHalfStartLeavesAWayIn(t *testing.T) {
	h := emptyHouse(t)
	h.store.breaks(func(_ string, events []eventstore.Event) error {
		if events[0].Type == "account.api_key_issued.v1" {
			return errKilled
		}
		return nil
	})
	if _, err := h.Setup.Bootstrap(t.Context(), setup.First{APIKey: "0123456789abcdef0123456789abcdef"}); err == nil {
		t.Fatal("the start went on")
	}
	h.restart()
	token, err := h.Setup.Bootstrap(t.Context(), setup.First{})
	must(t, err)
	result[setup.AdminMade](h, rights.Stranger, setup.SetupFirstAdmin{Token: token, Username: "root@example.nl", Name: "Root", Password: goodPassword})
	ok(h, rights.Stranger, signin.SignIn{Username: "root@example.nl", Password: goodPassword})
}

// TestF9_TheSetupLinkGoesOn ends the program at every append of the command of the setup link.
func TestF9_TheSetupLinkGoesOn(t *testing.T) {
	for n := 0; ; n++ {
		h := emptyHouse(t)
		h.apart = true
		h.restart()
		token, err := h.Setup.Bootstrap(t.Context(), setup.First{})
		must(t, err)
		reached := h.killedAt(n)
		in := setup.SetupFirstAdmin{Token: token, Username: "root@example.nl", Name: "root@example.nl", Password: goodPassword}
		_, err = do(h, rights.Stranger, in)
		if !reached() {
			must(t, err)
			return
		}
		h.restart()
		if in.Token, err = h.Setup.Bootstrap(t.Context(), setup.First{}); err != nil {
			t.Fatal(err)
		}
		if in.Token != "" {
			ok(h, rights.Stranger, in)
		}
		h.isSetUp(setup.First{Username: "root@example.nl", Password: goodPassword})
	}
}

// isSetUp fails if what was asked for is not there, or there twice.
func (h *house) isSetUp(first setup.First) {
	h.t.Helper()
	h.advance(time.Minute)
	who := result[signin.SignedIn](h, rights.Stranger, signin.SignIn{Username: first.Username, Password: first.Password})
	events, _ := h.opened("organization-" + rights.PlatformOrganization)
	appointed := slices.IndexFunc(events, func(e any) bool {
		a, ok := e.(organization.AdminAppointed)
		return ok && a.AccountID == who.AccountID
	})
	if appointed < 0 {
		h.t.Errorf("the first administrator was not appointed: %v", events)
	}
	want := 1
	if first.APIKey != "" {
		want = 2
		if _, err := h.Access.Authenticate(h.t.Context(), first.APIKey); err != nil {
			h.t.Errorf("the key: %v", err)
		}
	}
	made := 0
	for _, err := range h.log.Store().ReadAll(h.t.Context(), eventstore.Position{}, eventstore.Forwards, eventstore.Filter{Types: []string{"account.created."}}) {
		must(h.t, err)
		made++
	}
	same(h.t, made, want)
}
