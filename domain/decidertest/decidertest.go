// Package decidertest lets a rule's test read as a sentence: given these events, when
// this command, then exactly these events or this refusal.
package decidertest

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

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
	s.tellsWhatWas(events)
	return Result[S, C, E]{t: s.t, events: events, err: err, state: s.decider.Fold(s.state, events...)}
}

// tellsWhatWas asks that an event which has a member for an old value tells the one that the state
// had until then.
func (s Scenario[S, C, E]) tellsWhatWas(events []E) {
	s.t.Helper()
	state := s.state
	for _, event := range events {
		for field, told := range reflect.ValueOf(event).Fields() {
			name, isOld := strings.CutPrefix(field.Name, "Old")
			if was := find(reflect.ValueOf(state), name); isOld && was.IsValid() && !cmp.Equal(was.Interface(), told.Interface()) {
				s.t.Fatalf("%T tells %s %v, and it was %v", event, field.Name, told, was)
			}
		}
		state = s.decider.Evolve(state, event)
	}
}

// find returns the field of a name in a state, or in a part of it; the invalid value if there is none.
func find(state reflect.Value, name string) reflect.Value {
	if state.Kind() != reflect.Struct || state.Type() == reflect.TypeFor[time.Time]() || state.Type() == reflect.TypeFor[domain.Set]() {
		return reflect.Value{}
	}
	if found := state.FieldByName(name); found.IsValid() {
		return found
	}
	for _, part := range state.Fields() {
		if found := find(part, name); found.IsValid() {
			return found
		}
	}
	return reflect.Value{}
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
