package engine

import (
	"context"
	"log/slog"
	"time"

	"sleutelbos/domain/reservation"
	"sleutelbos/eventstore"
	"sleutelbos/internal/bounded"
	"sleutelbos/internal/limits"
)

// Options are what an engine is made of. Journal, Vault, Sessions and Limits are required.
type Options struct {
	Journal  eventstore.Journal
	Vault    Vault
	Sessions Sessions
	Limits   *limits.Limits // what one asker may use

	// Away returns since when the event store is out of reach, and false while it is within. By
	// default it is within.
	Away     func() (since time.Time, away bool)
	Now      func() time.Time // default time.Now
	Patience time.Duration    // how long a command without a deadline tries; default 10 s
	States   int              // how many states each aggregate keeps in memory; default 16,384
	Log      *slog.Logger     // default slog.Default
}

// Engine runs commands. Half of its methods are what the areas may ask of it, the other half
// the steps of Do. It is safe for concurrent use. Close waits for what it still has to
// record.
type Engine struct {
	options  Options
	together eventstore.Together // nil where the store cannot append to several streams at once

	ahead map[string]func(c *Call, id string) []Read // what is read for a command on an aggregate, by category

	reservations *Aggregate[reservation.State, reservation.Command, reservation.Event] // by whole stream names
	guard        guard                                                                 // of the claims; see Guard

	locks    locks // of streams
	keyed    locks // of idempotency keys
	lately   *bounded.Map[string, lateAnswer]
	refusals *refusals
}

// New returns an engine. It starts one goroutine, which Close ends.
func New(o Options) *Engine {
	if o.Away == nil {
		o.Away = func() (time.Time, bool) { return time.Time{}, false }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	if o.States <= 0 {
		o.States = 1 << 14
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	e := &Engine{
		options: o, locks: newLocks(), keyed: newLocks(), ahead: map[string]func(*Call, string) []Read{},
		lately: bounded.New[string, lateAnswer](lateAnswers, tellAgain),
	}
	e.together, _ = o.Journal.Store.(eventstore.Together)
	e.reservations = NewAggregate(e, "", reservation.Decider)
	e.refusals = newRefusals(e)
	return e
}

// Close writes down what is still to be recorded and ends the engine's goroutine.
func (e *Engine) Close() error { return e.refusals.close() }

// Run writes down the refusals that were only counted, once a minute, until the context ends.
func (e *Engine) Run(ctx context.Context) error {
	every := time.NewTicker(time.Minute)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
			if err := e.RecordRefusals(ctx); err != nil {
				e.options.Log.ErrorContext(ctx, "refusals could not be summed up", "error", err)
			}
		}
	}
}

// RecordRefusals writes down the refusals that were only counted.
func (e *Engine) RecordRefusals(ctx context.Context) error { return e.refusals.flush(ctx) }

// Now returns the time of the engine's clock.
func (e *Engine) Now() time.Time { return e.options.Now() }

// Log returns where faults are logged that no asker hears of.
func (e *Engine) Log() *slog.Logger { return e.options.Log }

// Journal returns the log that the engine appends to, for reading.
func (e *Engine) Journal() eventstore.Journal { return e.options.Journal }

// impatience is how long a command tries that begins when the event store has been away for
// longer than commands are patient: the election of a leader is over by then, and whoever
// waits would wait for nothing. Trying tells when it is back.
const impatience = 900 * time.Millisecond

// Patient returns the context with a deadline. One that it has stays, unless the event store has been away for long: a server
// that takes connections and does not answer would hold each caller until then.
func (e *Engine) Patient(ctx context.Context) (context.Context, context.CancelFunc) {
	patience := e.options.Patience
	if since, away := e.options.Away(); away && e.Now().Sub(since) > patience {
		return context.WithTimeout(ctx, min(patience, impatience))
	}
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, patience)
}
