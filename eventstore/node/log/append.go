package log

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/eventstore/node/logfile"
	"sleutelbos/internal/sqlitex"
)

// The bounds of one commit.
const (
	queueLength   = 1024
	batchRequests = 512
	batchBytes    = 8 << 20
	lingerTime    = 200 * time.Microsecond
)

// Appender is the half of a log that writes: it checks appends and hands them to the
// committer. The zero value is that of a log open for reading only.
type Appender struct {
	most  int // bytes of one append
	queue *sqlitex.Group[*request]
}

// NewAppender returns the appender of a file that is open for writing, once the memory holds
// what the file says. Most is how many bytes of data, metadata and types one append may have.
func NewAppender(f *logfile.File, m *Memory, now func() time.Time, most int) (*Appender, error) {
	c := &committer{file: f, conn: f.Writer(), memory: m, now: now}
	if err := c.load(); err != nil {
		return nil, fmt.Errorf("open the event log: %w", err)
	}
	c.rememberIDs()
	return &Appender{most: most, queue: sqlitex.NewGroup(sqlitex.GroupOptions[*request]{
		Try: c.try, Done: (*request).end,
		Queue: queueLength, Most: batchRequests, Linger: lingerTime,
		Size: func(r *request) int { return r.size }, MostBytes: batchBytes,
	})}, nil
}

// Append adds events to a stream, all or none, and returns when they are durable.
// Errors: *eventstore.ConflictError, eventstore.ErrStreamDeleted, eventstore.ErrTooLarge,
// ErrInvalid, ErrVirtualStream, ErrReadOnly, eventstore.ErrUnavailable.
func (a *Appender) Append(ctx context.Context, stream string, expected eventstore.Expected, events ...eventstore.Event) (eventstore.Receipt, error) {
	return a.wait(ctx, &request{Append: eventstore.Append{Stream: stream, Expected: expected, Events: events}})
}

// AppendAsync is Append without the wait. done is called once, on another goroutine that
// serves all appends: it must not block. The events must not change until then.
func (a *Appender) AppendAsync(events eventstore.Append, done func(eventstore.Receipt, error)) {
	r := &request{Append: events, done: done}
	if err := a.submit(context.Background(), r); err != nil {
		done(eventstore.Receipt{}, err)
	}
}

// AppendTogether adds events to several streams, all or none.
func (a *Appender) AppendTogether(ctx context.Context, appends ...eventstore.Append) ([]eventstore.Receipt, error) {
	if len(appends) == 0 {
		return nil, nil
	}
	requests, streams := make([]*request, len(appends)), make(map[string]bool, len(appends))
	for i, events := range appends {
		if streams[events.Stream] {
			return nil, fmt.Errorf("%w: a stream is named twice", ErrInvalid)
		}
		streams[events.Stream] = true
		requests[i] = &request{Append: events}
	}
	first := requests[0]
	first.beside = requests[1:]
	receipts := make([]eventstore.Receipt, len(appends))
	var err error
	if receipts[0], err = a.wait(ctx, first); err != nil {
		return nil, err
	}
	for i, r := range first.beside {
		receipts[i+1] = r.receipt
	}
	return receipts, nil
}

// Delete hides the events of a stream until something is appended to it. The receipt is of
// the metadata event that says so. A stream never written is a conflict.
func (a *Appender) Delete(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	return a.wait(ctx, &request{Append: eventstore.Append{Stream: stream, Expected: expected}, kind: softDelete})
}

// Tombstone ends a stream for good: nothing can be read from it or appended to it again.
func (a *Appender) Tombstone(ctx context.Context, stream string, expected eventstore.Expected) (eventstore.Receipt, error) {
	return a.wait(ctx, &request{Append: eventstore.Append{Stream: stream, Expected: expected}, kind: tombstone})
}

// Drain takes no more appends and returns when all that were queued are answered.
func (a *Appender) Drain() {
	if a.queue != nil {
		a.queue.Close()
	}
}

// wait submits a request and waits for its outcome, or for the context to end.
func (a *Appender) wait(ctx context.Context, r *request) (eventstore.Receipt, error) {
	type answer struct {
		receipt eventstore.Receipt
		err     error
	}
	answered := make(chan answer, 1)
	r.done = func(receipt eventstore.Receipt, err error) { answered <- answer{receipt, err} }
	if err := a.submit(ctx, r); err != nil {
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

func (a *Appender) submit(ctx context.Context, r *request) error {
	if a.queue == nil {
		return ErrReadOnly
	}
	if err := r.check(a.most); err != nil {
		return err
	}
	err := a.queue.Submit(ctx, r)
	if errors.Is(err, sqlitex.ErrClosed) {
		return logfile.Closed()
	}
	return err
}
