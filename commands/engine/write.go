package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// appendOf returns the append of records behind the tail that they were prepared for.
func appendOf(stream string, tail eventstore.Tail, records []eventstore.Record) eventstore.Append {
	events := make([]eventstore.Event, len(records))
	for i, r := range records {
		events[i] = r.Event
	}
	return eventstore.Append{Stream: stream, Expected: tail.Expected(), Events: events}
}

// ErrOutcomeUnknown says that a command may have been done, or is done, though that could not be
// acknowledged: the event store, or the vault after it, was lost before it answered. The same
// request under the same idempotency key finds out, and does what is left. Compare with errors.Is.
var ErrOutcomeUnknown = errors.New("whether the command was done is not known")

// write appends prepared events, those of several streams together. While the store is out
// of reach the outcome is unknown, so the very same events are appended again until the
// deadline, and for as long as settle beyond it. Where it is known each time that nothing was
// appended, the asker hears of it soon. Errors: those of Store.Append, and ErrOutcomeUnknown if
// an attempt was not answered.
func (e *Engine) write(ctx context.Context, settle time.Duration, appends ...eventstore.Append) ([]eventstore.Receipt, error) {
	once := func(ctx context.Context) ([]eventstore.Receipt, error) {
		if len(appends) > 1 {
			return e.together.AppendTogether(ctx, appends...)
		}
		receipt, err := e.options.Journal.Store.Append(ctx, appends[0].Stream, appends[0].Expected, appends[0].Events...)
		return []eventstore.Receipt{receipt}, err
	}
	known, since := true, time.Now()
	for again := pause.Between(10*time.Millisecond, time.Second); ; {
		receipts, err := once(ctx)
		if !errors.Is(err, eventstore.ErrUnavailable) {
			return receipts, err
		}
		if known = known && errors.Is(err, eventstore.ErrNotAppended); known && time.Since(since) > knownWithin {
			return nil, err
		}
		if again.Wait(ctx) {
			continue
		}
		if settle <= 0 {
			return nil, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
		}
		var end context.CancelFunc
		ctx, end = context.WithTimeout(context.WithoutCancel(ctx), settle)
		defer end() // there is one such turn
		settle = 0
	}
}

// knownWithin is for how long an append that is known to have failed is tried again.
const knownWithin = 500 * time.Millisecond

// recordsOf returns the events of a stream that a command appended before, oldest first. It
// looks back as far as answers to repeated keys are kept.
func (e *Engine) recordsOf(ctx context.Context, stream, commandID string, now time.Time) ([]eventstore.Record, error) {
	var found []eventstore.Record
	for rec, err := range e.options.Journal.Store.ReadStream(ctx, stream, eventstore.LastRevision, eventstore.Backwards) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", stream, err)
		}
		_, record, err := e.options.Journal.Registry.DecodeSealed(rec)
		if errors.Is(err, eventstore.ErrPassedOver) {
			continue
		}
		if err != nil {
			return nil, err
		}
		switch {
		case record.Envelope.CommandID == commandID:
			found = append([]eventstore.Record{record}, found...)
		case len(found) > 0 || now.Sub(record.Envelope.OccurredAt) > keepAnswers:
			return found, nil
		}
	}
	return found, nil
}
