package commands_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"sleutelbos/commands/admins"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/domain/reservation"
)

// TestDeclarations holds every command to what doors need to know of it.
func TestDeclarations(t *testing.T) {
	h := newHouse(t)
	categories := []string{"account", "person", "organization", "license", "licenserequest", "region", "rolegroup", "letter", "message", "session"}
	all := h.All()
	if len(all) < 35 {
		t.Fatalf("only %d commands are declared", len(all))
	}
	for _, c := range all {
		if !strings.HasSuffix(c.Description, ".") || strings.ToUpper(c.Description[:1]) != c.Description[:1] {
			t.Errorf("%s is not described by a sentence: %q", c.Name, c.Description)
		}
		if c.Open() == (h.platform().May(c.Right) != rights.ScopeNone) {
			t.Errorf("%s needs the right %q, which nobody has", c.Name, c.Right)
		}
		if c.UndoneBy != "" {
			if undo, found := h.Find(c.UndoneBy); !found || undo.Right != c.Right {
				t.Errorf("%s is undone by %q, which another may do", c.Name, c.UndoneBy)
			}
		}
		if c.On.Category != "" && !contains(categories, c.On.Category) {
			t.Errorf("%s acts on a %q", c.Name, c.On.Category)
		}
		if c.Body == nil || c.Result == nil || c.Body.Properties == nil {
			t.Errorf("%s has no schema", c.Name)
		}
		for name, member := range c.Body.Properties {
			if strings.Contains(strings.ToLower(name), "password") && member.Type == "string" && !member.WriteOnly {
				t.Errorf("%s: %s is not marked as secret", c.Name, name)
			}
		}
		if _, offered := h.Find(c.Name); offered == c.Elsewhere {
			t.Errorf("%s is offered by its name: %v", c.Name, offered)
		}
	}
}

func contains(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}

func TestDoubleDeclarations(t *testing.T) {
	type body struct {
		AccountID string `json:"accountId"`
	}
	handle := func(context.Context, *engine.Call, body) (engine.None, error) { return engine.None{}, nil }
	for name, declare := range map[string]func(){
		"twice": func() {
			c := engine.ForStrangers("Again", "Again.", handle)
			engine.NewCommands(nil, c, c)
		},
		"undone by nothing": func() { engine.NewCommands(nil, engine.ForStrangers("One", "One.", handle, engine.UndoneBy[string]())) },
		"without a right":   func() { engine.Handled("One", "", "One.", handle) },
		"on no member": func() {
			engine.ForStrangers("One", "One.", handle, engine.ActsOn(engine.Target{Category: "letter", Member: "letterId"}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was taken")
				}
			}()
			declare()
		})
	}
}

// TestWhatACommandMustKnowIsReadAtOnce lets each read wait for the other: if they came one after
// the other, neither would end.
func TestWhatACommandMustKnowIsReadAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		first, second string
		body          any
	}{
		"a request":      {"account-" + id(3), "license-" + id(20), licenses.RequestLicense{AccountID: id(3), LicenseID: id(20)}},
		"an appointment": {"account-" + id(3), "organization-" + id(1), admins.AppointAdmin{OrganizationID: id(1), AccountID: id(3)}},
		"the end of one": {"account-" + id(4), "organization-" + id(1), admins.DismissAdmin{OrganizationID: id(1), AccountID: id(4)}},
		"all the admins": {"account-" + id(2), "account-" + id(5), admins.DismissAdmin{OrganizationID: id(1), AccountID: id(4)}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			org := h.organization(1, "klic")
			h.account(2, org, "admin")
			h.account(3, org, "user")
			h.account(4, org, "admin")
			h.account(5, org, "admin")
			h.license(20, org)
			platform := h.platform()
			h.store.meet(c.first, c.second, func() { t.Errorf("%s and %s are read one after the other", c.first, c.second) })
			ok(h, platform, c.body)
		})
	}
}

// meet lets the first read of a stream wait until the other is read too.
func (f *fragile) meet(first, second string, never func()) {
	arrived := map[string]chan struct{}{first: make(chan struct{}), second: make(chan struct{})}
	once := map[string]*sync.Once{first: {}, second: {}}
	reading := func(stream string) {
		o := once[stream]
		if o == nil {
			return
		}
		o.Do(func() {
			close(arrived[stream])
			other := first
			if stream == first {
				other = second
			}
			select {
			case <-arrived[other]:
			case <-time.After(time.Minute):
				never()
			}
		})
	}
	f.reading.Store(&reading)
}

// TestEveryClaimHasAUser: without one, a claim that a crash left behind could not be told from
// one that is in use.
func TestEveryClaimHasAUser(t *testing.T) {
	h := newHouse(t)
	for _, kind := range reservation.Kinds() {
		if used, err := h.Engine.InUse(t.Context(), kind, string(kind)+"-none", id(1)); err != nil || used {
			t.Errorf("%s: used %v, %v", kind, used, err)
		}
	}
}
