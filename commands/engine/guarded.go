package engine

import (
	"context"
	"fmt"
	"reflect"

	"sleutelbos/domain/reservation"
)

// Guarded is what an area says of the claims that it makes: of usernames, of domains. Nothing
// else lists them; whatever looks after claims, as the repairs do, ranges over what was said.
type Guarded struct {
	Kind reservation.Kind
	// InUse says whether the holder of a claim has it for something: the account has the
	// username, the organization the domain.
	InUse func(ctx context.Context, stream, holder string) (bool, error)
	// Changes are the events with which holders begin to use their claims, and end to.
	Changes []ClaimChange
}

// ClaimChange is an event that begins or ends the use of a claim. See Uses, Frees and FreesLast.
type ClaimChange struct {
	Kind   reservation.Kind
	Event  any  // of the type, without its values
	Begins bool // else it ends
	names  func(event any) string
	last   func(ctx context.Context, holder string) (string, error)
}

// Uses returns the change by an event whose aggregate uses a claim from then on. The function
// returns the stream of the claim.
func Uses[E any](stream func(E) string) ClaimChange {
	change := Frees(stream)
	change.Begins = true
	return change
}

// Frees returns the change by an event whose aggregate no longer needs a claim. The function
// returns the stream of the claim.
func Frees[E any](stream func(E) string) ClaimChange {
	var event E
	return ClaimChange{Event: event, names: func(event any) string { return stream(event.(E)) }}
}

// FreesLast is Frees for an event that does not name the claim. The function returns the stream
// of the last claim of a holder.
func FreesLast[E any](last func(ctx context.Context, holder string) (string, error)) ClaimChange {
	var event E
	return ClaimChange{Event: event, last: last}
}

// Names returns the stream of the claim that an event of the change names; empty if it names none.
func (c ClaimChange) Names(event any) string {
	if c.names == nil {
		return ""
	}
	return c.names(event)
}

// Stream returns the stream of the claim that a holder no longer needs, by what the event named.
func (c ClaimChange) Stream(ctx context.Context, named, holder string) (string, error) {
	if c.last == nil {
		return named, nil
	}
	return c.last(ctx, holder)
}

// guard is what the areas said of their claims.
type guard struct {
	byKind map[reservation.Kind]Guarded
	all    []ClaimChange
	events map[reflect.Type][]ClaimChange
}

// Guard tells the engine of every kind of claim, once, while the program is wired. It panics if
// nobody speaks for a kind, or of a kind nothing begins or ends the use: faults of the program.
func (e *Engine) Guard(all ...Guarded) {
	g := guard{byKind: map[reservation.Kind]Guarded{}, events: map[reflect.Type][]ClaimChange{}}
	for _, of := range all {
		if _, twice := g.byKind[of.Kind]; twice {
			panic(fmt.Sprintf("engine: claims of a %s are guarded twice", of.Kind))
		}
		g.byKind[of.Kind] = of
		begins, ends := false, false
		for _, change := range of.Changes {
			change.Kind = of.Kind
			begins, ends = begins || change.Begins, ends || !change.Begins
			g.all = append(g.all, change)
			t := reflect.TypeOf(change.Event)
			g.events[t] = append(g.events[t], change)
		}
		if of.InUse == nil || !begins || !ends {
			panic(fmt.Sprintf("engine: of the claims of a %s it is not said who uses them, from when and until when", of.Kind))
		}
	}
	for _, kind := range reservation.Kinds() {
		if _, said := g.byKind[kind]; !said {
			panic(fmt.Sprintf("engine: nobody guards the claims of a %s", kind))
		}
	}
	e.guard = g
}

// ClaimChanges returns every change of every kind of claim.
func (e *Engine) ClaimChanges() []ClaimChange { return e.guard.all }

// ClaimChangesBy returns what an event changes about the claims of its aggregate.
func (e *Engine) ClaimChangesBy(event any) []ClaimChange {
	return e.guard.events[reflect.TypeOf(event)]
}

// InUse says whether the holder of a claim has it for something.
func (e *Engine) InUse(ctx context.Context, kind reservation.Kind, stream, holder string) (bool, error) {
	of, known := e.guard.byKind[kind]
	if !known {
		return false, reservation.ErrKindUnknown
	}
	return of.InUse(ctx, stream, holder)
}
