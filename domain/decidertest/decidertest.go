// Package decidertest lets a rule's test read as a sentence: given these events, when
// this command, then exactly these events or this refusal.
package decidertest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sleutelbos/domain"
)

// Scenario is a decider with a past.
type Scenario[S, C, E any] struct {
	t       *testing.T
	decider domain.Decider[S, C, E]
	state   S
}

// Given folds the past into a state.
func Given[S, C, E any](t *testing.T, d domain.Decider[S, C, E], past ...E) Scenario[S, C, E] {
	t.Helper()
	var zero S
	return Scenario[S, C, E]{t: t, decider: d, state: d.Fold(zero, past...)}
}

// Result is what the decider answered.
type Result[S, C, E any] struct {
	t      *testing.T
	events []E
	err    error
	state  S
}

// When asks the decider to decide the command.
func (s Scenario[S, C, E]) When(command C) Result[S, C, E] {
	s.t.Helper()
	events, err := s.decider.Decide(s.state, command)
	return Result[S, C, E]{t: s.t, events: events, err: err, state: s.decider.Fold(s.state, events...)}
}

// Then asks for exactly these events, in this order.
func (r Result[S, C, E]) Then(want ...E) Result[S, C, E] {
	r.t.Helper()
	if r.err != nil {
		r.t.Fatalf("refused: %v", r.err)
	}
	if diff := cmp.Diff(want, r.events); diff != "" {
		r.t.Fatalf("events (-want +got):\n%s", diff)
	}
	return r
}

// ThenNothing asks that nothing happened and nothing was refused.
func (r Result[S, C, E]) ThenNothing() {
	r.t.Helper()
	if r.err != nil || len(r.events) > 0 {
		r.t.Fatalf("want nothing, got events %v, error %v", r.events, r.err)
	}
}

// ThenRefused asks for this refusal: the same code.
func (r Result[S, C, E]) ThenRefused(want error) {
	r.t.Helper()
	if !errors.Is(r.err, want) {
		r.t.Fatalf("want refusal %v, got events %v, error %v", want, r.events, r.err)
	}
	if len(r.events) > 0 {
		r.t.Fatalf("a refusal brought events: %v", r.events)
	}
}

// State returns the state after the decision, so that a test can look at what a fold did.
func (r Result[S, C, E]) State() S { return r.state }
