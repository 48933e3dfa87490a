// Package failure sorts errors by what trying again can bring. Reactors, the jobs of the clock and
// whatever opens a sealed secret ask it, and nobody else decides: one who takes a vault that is
// away for a moment for a link that has expired gives a mail up for good, and one who takes a
// refusal for a disturbance tries it for ever while everything else waits behind it.
package failure

import (
	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/eventstore/vault"
)

// Kind is what trying again can bring. A greater kind is the worse one.
type Kind int

const (
	// None is the kind of no error.
	None Kind = iota
	// Final concerns one matter only, and it will fail in the same way for ever: a rule refuses it,
	// or what it needs is gone. It is recorded and passed over.
	Final
	// Passing may go better by itself: a store is out of reach, another was quicker. It is tried
	// again, and said aloud after a while. An error of which nothing is known is of this kind.
	Passing
	// Ours is a fault of the program or of what it finds stored. Trying again brings nothing
	// before somebody has looked, and what waits behind it must not be lost either.
	Ours
)

// Sorted is an error that knows its own kind.
type Sorted interface {
	error
	Failure() Kind
}

// final are the errors after which one matter is over.
var final = map[error]string{
	eventstore.ErrKeyDestroyed:  "key-destroyed",
	eventstore.ErrKeyDamaged:    "key-damaged",
	eventstore.ErrKeyUnknown:    "key-unknown",
	eventstore.ErrStreamDeleted: "stream-deleted",
	eventstore.ErrTooLarge:      "too-large",
	vault.ErrNotFound:           "secret-gone",
	vault.ErrExists:             "secret-exists",
	vault.ErrDamaged:            "secret-damaged",
}

// Of returns the kind of an error. Of joined errors it is the worst: a matter that was refused in
// one part and disturbed in another is tried again.
func Of(err error) Kind {
	kind, _ := look(err)
	return kind
}

// Code returns a code for what failed, fit for an event or a metric: it never holds a text of
// another system, which may be personal.
func Code(err error) string {
	_, code := look(err)
	return code
}

func look(err error) (Kind, string) {
	if err == nil {
		return None, ""
	}
	switch e := err.(type) { //nolint:errorlint // each error of the tree is looked at by itself
	case Sorted:
		return e.Failure(), "other"
	case *domain.Error:
		return Final, e.Code
	case interface{ Unwrap() []error }:
		worst, code := None, "other"
		for _, part := range e.Unwrap() {
			if kind, of := look(part); kind > worst {
				worst, code = kind, of
			}
		}
		return worst, code
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return look(inner)
		}
		return Passing, "other"
	}
	if code, ok := finalCode(err); ok {
		return Final, code
	}
	return Passing, "other"
}

func finalCode(err error) (code string, ok bool) {
	for is, code := range final {
		if err == is { //nolint:errorlint // likewise
			return code, true
		}
	}
	return "", false
}
