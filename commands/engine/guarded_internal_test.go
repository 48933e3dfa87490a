package engine

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sleutelbos/domain/reservation"
)

type (
	begun struct{ Claim string }
	moved struct{ Claim, Old string }
	ended struct{}
)

func guardedFor(kind reservation.Kind) Guarded {
	return Guarded{
		Kind:  kind,
		InUse: func(_ context.Context, stream, holder string) (bool, error) { return stream == holder+"'s", nil },
		Changes: []ClaimChange{
			Uses(func(e begun) string { return e.Claim }),
			Uses(func(e moved) string { return e.Claim }), Frees(func(e moved) string { return e.Old }),
			FreesLast[ended](func(_ context.Context, holder string) (string, error) { return holder + "'s", nil }),
		},
	}
}

func TestGuard(t *testing.T) {
	every := func(change func(*Guarded)) []Guarded {
		var all []Guarded
		for _, kind := range reservation.Kinds() {
			all = append(all, guardedFor(kind))
		}
		change(&all[0])
		return all
	}
	for what, c := range map[string]struct {
		all  []Guarded
		want string
	}{
		"a kind that nobody speaks for": {every(func(*Guarded) {})[1:], "nobody guards"},
		"a kind twice":                  {append(every(func(*Guarded) {}), guardedFor(reservation.KindDomain)), "twice"},
		"a kind without a user":         {every(func(g *Guarded) { g.InUse = nil }), "it is not said"},
		"a kind that nobody frees":      {every(func(g *Guarded) { g.Changes = g.Changes[:2] }), "it is not said"},
		"a kind that nobody uses":       {every(func(g *Guarded) { g.Changes = g.Changes[2:] }), "it is not said"},
	} {
		t.Run(what+" is a fault", func(t *testing.T) {
			defer func() {
				if said := fmt.Sprint(recover()); !strings.Contains(said, c.want) {
					t.Errorf("got %q, want %q", said, c.want)
				}
			}()
			new(Engine).Guard(c.all...)
		})
	}
	t.Run("says what an event changes", func(t *testing.T) {
		var e Engine
		e.Guard(every(func(*Guarded) {})...)
		var said []string
		for _, event := range []any{begun{"a"}, moved{"b", "a"}, ended{}, "another"} {
			for _, change := range e.ClaimChangesBy(event) {
				if change.Kind != reservation.KindDomain {
					continue
				}
				stream, err := change.Stream(t.Context(), change.Names(event), "ann")
				said = append(said, fmt.Sprint(change.Begins, " ", stream, " ", err))
			}
		}
		if got, want := strings.Join(said, ", "), "true a <nil>, true b <nil>, false a <nil>, false ann's <nil>"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if got, want := len(e.ClaimChanges()), 4*len(reservation.Kinds()); got != want {
			t.Errorf("%d changes, want %d", got, want)
		}
	})
}
