package catalog

import (
	"reflect"
	"strings"
	"testing"

	"sleutelbos/domain/account"
	"sleutelbos/domain/reservation"
)

// blocked is a line that says everything.
func blocked() About {
	return About{
		Says: Says{NL: "blokkeerde het account", EN: "blocked the account"}, Group: Access, Icon: "block",
		Turns: Turns("blocked", true), Public: Yes, NEN7513: Update,
	}
}

// TestAnEventSaysEverything leaves out one thing after the other: the program does not start,
// and is told which event lacks what.
func TestAnEventSaysEverything(t *testing.T) {
	for want, leaveOut := range map[string]func(*About){
		"account.blocked.v1 has no sentence in Dutch":   func(a *About) { a.Says.NL = "" },
		"account.blocked.v1 has no sentence in English": func(a *About) { a.Says.EN = "" },
		"account.blocked.v1 has no preview in Dutch":    func(a *About) { a.Will.EN = "It is blocked." },
		"account.blocked.v1 has no group":               func(a *About) { a.Group = "" },
		"account.blocked.v1 has no icon":                func(a *About) { a.Icon = "" },
		"account.blocked.v1 has no turn":                func(a *About) { a.Turns = Turn{} },
		"account.blocked.v1 has no visibility":          func(a *About) { a.Public = 0 },
		"account.blocked.v1 has no code of NEN 7513":    func(a *About) { a.NEN7513 = "" },
		"names when, which the history does not have":   func(a *About) { a.Says.EN = "blocked the account[ {when}]" },
		"names reason, which the history does not have": func(a *About) { a.Says.NL = "blokkeerde het account {reason}" },
	} {
		about := blocked()
		leaveOut(&about)
		_, err := assemble(aggregate("account", Says{"Account", "Account"}, OwnIDs, event[account.Blocked]("account.blocked.v1", about)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTheCatalogIsConsistent(t *testing.T) {
	line := func(name string) Event { return event[account.Blocked](name, blocked()) }
	for want, a := range map[string]Aggregate{
		"account has no name in Dutch":            aggregate("account", Says{EN: "Account"}, OwnIDs),
		"account does not say whether it has ids": aggregate("account", Says{"Account", "Account"}, 0),
		"account.blocked.v1 stands with the":      aggregate("letter", Says{"Brief", "Letter"}, OwnIDs, line("account.blocked.v1")),
		"account.blocked.v1 is there twice":       aggregate("account", Says{"Account", "Account"}, OwnIDs, line("account.blocked.v1"), line("account.blocked.v1")),
		"account.Blocked has two stored names":    aggregate("account", Says{"Account", "Account"}, OwnIDs, line("account.blocked.v1"), line("account.stopped.v1")),
	} {
		if _, err := assemble(a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestFind(t *testing.T) {
	if e, ok := Find("account.blocked.v1"); !ok || e.Says.EN != "blocked the account" || e.Type != reflect.TypeFor[account.Blocked]() {
		t.Errorf("found %v, %v", e, ok)
	}
	if _, ok := Find("account.never_heard_of.v1"); ok {
		t.Error("found what was never stored")
	}
	if about, ok := Of(account.Unblocked{}); !ok || about.Turns != Turns("blocked", false) {
		t.Errorf("found %v, %v", about, ok)
	}
	got := NamesOf(reservation.Claimed{}, account.Blocked{})
	if strings.Join(got, " ") != "reservation.claimed.v1 account.blocked.v1" {
		t.Errorf("got %q", got)
	}
}
