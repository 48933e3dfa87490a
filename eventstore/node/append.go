package node

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
	"sleutelbos/internal/sqlitex"
)

// ErrInvalid says that an append makes no sense: no name, no type, no id.
var ErrInvalid = errors.New("the append makes no sense")

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

// maxNameBytes is the longest name of a stream or type.
const maxNameBytes = 4096

// check refuses what could never be stored, and measures the rest.
func (r *request) check(most int) error {
	if err := checkName("stream", r.Stream); err != nil {
		return err
	}
	if isVirtual(r.Stream) {
		return ErrVirtualStream
	}
	if r.Expected < 0 && r.Expected != eventstore.NoStream && r.Expected != eventstore.Any && r.Expected != eventstore.StreamExists {
		return fmt.Errorf("%w: there is no revision %d to expect", ErrInvalid, r.Expected)
	}
	if r.kind != appendEvents && isMetastream(r.Stream) {
		return fmt.Errorf("%w: metadata goes with its stream and is not deleted alone", ErrInvalid)
	}
	for i := range r.Events {
		e := &r.Events[i]
		if err := checkName("type", e.Type); err != nil {
			return err
		}
		if e.Type == TypeStreamDeleted {
			return fmt.Errorf("%w: a stream is deleted by Tombstone", ErrInvalid)
		}
		if e.ID == uuid.Nil {
			return fmt.Errorf("%w: an event has no id", ErrInvalid)
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

func checkName(what, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%w: the %s has no name", ErrInvalid, what)
	case len(name) > maxNameBytes:
		return fmt.Errorf("%w: the name of the %s is longer than %d bytes", ErrInvalid, what, maxNameBytes)
	case !utf8.ValidString(name) || strings.IndexByte(name, 0) >= 0:
		return fmt.Errorf("%w: the name of the %s is no text", ErrInvalid, what)
	}
	return nil
}

// Append adds events to a stream, all or none, and returns when they are durable.
// Errors: *eventstore.ConflictError, eventstore.ErrStreamDeleted, eventstore.ErrTooLarge,
// ErrInvalid, ErrVirtualStream, ErrReadOnly, eventstore.ErrUnavailable.
func (l *Log) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	return l.wait(ctx, &request{Append: eventstore.Append{Stream: stream, Expected: expected, Events: events}})
}

// AppendAsync is Append without the wait. done is called once, on another goroutine that
// serves all appends: it must not block. The events must not change until then.
func (l *Log) AppendAsync(a eventstore.Append, done func(eventstore.Receipt, error)) {
	r := &request{Append: a, done: done}
	if err := l.submit(context.Background(), r); err != nil {
		done(eventstore.Receipt{}, err)
	}
}

// together adds events to several streams, all or none.
func (l *Log) together(ctx context.Context, appends []eventstore.Append) ([]eventstore.Receipt, error) {
	if len(appends) == 0 {
		return nil, nil
	}
	requests, streams := make([]*request, len(appends)), make(map[string]bool, len(appends))
	for i, a := range appends {
		if streams[a.Stream] {
			return nil, fmt.Errorf("%w: a stream is named twice", ErrInvalid)
		}
		streams[a.Stream] = true
		requests[i] = &request{Append: a}
	}
	first := requests[0]
	first.beside = requests[1:]
	receipts := make([]eventstore.Receipt, len(appends))
	var err error
	if receipts[0], err = l.wait(ctx, first); err != nil {
		return nil, err
	}
	for i, r := range first.beside {
		receipts[i+1] = r.receipt
	}
	return receipts, nil
}

// Delete hides the events of a stream until something is appended to it. The receipt is of
// the metadata event that says so. A stream never written is a conflict.
func (l *Log) Delete(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	return l.wait(ctx, &request{Append: eventstore.Append{Stream: stream, Expected: expected}, kind: softDelete})
}

// Tombstone ends a stream for good: nothing can be read from it or appended to it again.
func (l *Log) Tombstone(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	return l.wait(ctx, &request{Append: eventstore.Append{Stream: stream, Expected: expected}, kind: tombstone})
}

// wait submits a request and waits for its answer, or for the context to end.
func (l *Log) wait(ctx context.Context, r *request) (eventstore.Receipt, error) {
	type answer struct {
		receipt eventstore.Receipt
		err     error
	}
	answered := make(chan answer, 1)
	r.done = func(receipt eventstore.Receipt, err error) { answered <- answer{receipt, err} }
	if err := l.submit(ctx, r); err != nil {
		return eventstore.Receipt{}, err
	}
	select {
	case a := <-answered:
		return a.receipt, a.err
	case <-ctx.Done():
		if r.leave() {
			return eventstore.Receipt{}, ctx.Err() // the committer will pass it over
		}
		return eventstore.Receipt{}, fmt.Errorf("%w: the append was under way: %w", eventstore.ErrUnavailable, ctx.Err())
	}
}

func (l *Log) submit(ctx context.Context, r *request) error {
	if err := r.check(l.options.MaxAppendSize); err != nil {
		return err
	}
	if l.writer == nil {
		return ErrReadOnly
	}
	if err := l.queue.Submit(ctx, r); errors.Is(err, sqlitex.ErrClosed) {
		return closedError()
	} else if err != nil {
		return err
	}
	return nil
}

func closedError() error { return fmt.Errorf("%w: %w", eventstore.ErrUnavailable, ErrClosed) }
