package log

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/index"
)

// The errors of an append besides those of the port. Compare with errors.Is.
var (
	ErrInvalid       = errors.New("the append makes no sense") // no name, no type, no id
	ErrReadOnly      = errors.New("the event log was opened for reading only")
	ErrVirtualStream = errors.New("the stream is computed from others and cannot be written")
)

// MaxNameBytes is the longest name of a stream or type.
const MaxNameBytes = 4096

type requestKind int

const (
	appendEvents requestKind = iota
	softDelete
	tombstone
)

// request is an append on its way to the committer.
type request struct {
	eventstore.Append
	kind   requestKind
	beside []*request // what goes into the log with it or not at all; of other streams
	size   int
	done   func(eventstore.Receipt, error)
	state  atomic.Int32 // waiting, until the committer takes it or its asker goes away

	receipt eventstore.Receipt // the outcome, once it is committed
	refusal error
}

// The states of a request.
const (
	waiting int32 = iota
	taken
	left
)

// take says whether the committer may write the request, which then can't be withdrawn.
func (r *request) take() bool {
	return r.state.CompareAndSwap(waiting, taken) || r.state.Load() == taken
}

// leave withdraws the request. It returns false if the committer has taken it.
func (r *request) leave() bool { return r.state.CompareAndSwap(waiting, left) }

// end tells the asker the outcome, or the failure of the file.
func (r *request) end(failure error) {
	if failure != nil {
		r.done(eventstore.Receipt{}, failure)
		return
	}
	r.done(r.receipt, r.refusal)
}

// check refuses what could never be stored, and measures the rest.
func (r *request) check(most int) error {
	if err := checkName("stream", r.Stream); err != nil {
		return err
	}
	if index.IsVirtual(r.Stream) {
		return ErrVirtualStream
	}
	if r.Expected < 0 && r.Expected != eventstore.NoStream && r.Expected != eventstore.Any && r.Expected != eventstore.StreamExists {
		return fmt.Errorf("%w: there is no revision %d to expect", ErrInvalid, r.Expected)
	}
	if r.kind != appendEvents && index.IsMetastream(r.Stream) {
		return fmt.Errorf("%w: metadata goes with its stream and is not deleted alone", ErrInvalid)
	}
	for i := range r.Events {
		e := &r.Events[i]
		if err := checkEvent(e); err != nil {
			return err
		}
		r.size += len(e.Data) + len(e.Metadata) + len(e.Type)
	}
	for _, other := range r.beside {
		if err := other.check(most); err != nil {
			return err
		}
		r.size += other.size
	}
	if r.size > most {
		return fmt.Errorf("%w: %d bytes, at most %d", eventstore.ErrTooLarge, r.size, most)
	}
	return nil
}

func checkEvent(e *eventstore.Event) error {
	if err := checkName("type", e.Type); err != nil {
		return err
	}
	if e.Type == index.TypeStreamDeleted {
		return fmt.Errorf("%w: a stream is deleted by Tombstone", ErrInvalid)
	}
	if e.ID == uuid.Nil {
		return fmt.Errorf("%w: an event has no id", ErrInvalid)
	}
	return nil
}

func checkName(what, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%w: the %s has no name", ErrInvalid, what)
	case len(name) > MaxNameBytes:
		return fmt.Errorf("%w: the name of the %s is longer than %d bytes", ErrInvalid, what, MaxNameBytes)
	case !utf8.ValidString(name) || strings.IndexByte(name, 0) >= 0:
		return fmt.Errorf("%w: the name of the %s is no text", ErrInvalid, what)
	}
	return nil
}
