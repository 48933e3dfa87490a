// Package domain holds what every aggregate shares: the shape of a decider and the
// shape of a refusal. It has no I/O, no clock and no randomness; a rule that needs the
// time gets it in the command.
package domain

import (
	"errors"
	"strconv"
)

// Decider is an aggregate as a state machine: what may happen, and what follows.
type Decider[State, Command, Event any] struct {
	// Decide returns the events that the command causes. It returns none if what the
	// command asks for is so already, and a refusal (*Error) if a rule is against it.
	Decide func(State, Command) ([]Event, error)
	// Evolve returns the state after the event. It never refuses, because the event is a fact.
	Evolve func(State, Event) State
}

// Fold returns the state after the events, which it takes in the order given.
func (d Decider[S, C, E]) Fold(state S, events ...E) S {
	for _, e := range events {
		state = d.Evolve(state, e)
	}
	return state
}

// Kind is the sort of a refusal. HTTP chooses a status by it.
type Kind int

// The kinds of refusal.
const (
	KindInvalid  Kind = iota + 1 // well-formed and yet not acceptable (422)
	KindNotFound                 // there is no such thing (404)
	KindRule                     // a rule says no in this state (409)
	KindDenied                   // the asker has no right to it (403)
)

// Error is a refusal: a sentence for a person and a code for a program.
// It never holds a value that the asker sent.
type Error struct {
	Kind   Kind
	Code   string // stable, kebab case, e.g. "username-taken"
	Detail string // a sentence in English; edges translate it by Code
	Field  string // the member that is wrong, in the domain's snake case; empty for the whole
}

func (e *Error) Error() string { return e.Code + ": " + e.Detail }

// Is makes refusals with one code equal, whatever their field.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// In returns an error with the member that a refusal is about, for a request that has it by another name, or several times. What
// is no refusal stays as it is.
func In(member string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	moved := *e
	moved.Field = member
	return &moved
}

// Item names one of several values of a member.
func Item(member string, index int) string { return member + "/" + strconv.Itoa(index) }

// Invalid refuses a value. The code is the field in kebab case and "-invalid".
func Invalid(field, detail string) *Error {
	return InvalidCode(field, kebab(field)+"-invalid", detail)
}

// InvalidCode refuses a value with a code of its own, e.g. "password-too-short".
func InvalidCode(field, code, detail string) *Error {
	return &Error{Kind: KindInvalid, Code: code, Detail: detail, Field: field}
}

// NotFound says that there is no such thing, or that it lies outside the asker's reach.
func NotFound(code, detail string) *Error {
	return &Error{Kind: KindNotFound, Code: code, Detail: detail}
}

// Rule refuses a command that the state does not allow.
func Rule(code, detail string) *Error {
	return &Error{Kind: KindRule, Code: code, Detail: detail}
}

// Denied refuses an asker who has no right to the command.
func Denied(code, detail string) *Error {
	return &Error{Kind: KindDenied, Code: code, Detail: detail}
}

func kebab(snake string) string {
	b := []byte(snake)
	for i := range b {
		if b[i] == '_' {
			b[i] = '-'
		}
	}
	return string(b)
}
