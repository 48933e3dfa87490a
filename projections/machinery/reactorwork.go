package machinery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/failure"
)

// reactorWork is the work of a worker that runs a reactor.
type reactorWork struct {
	runner  *Runner
	reactor Reactor
	intake  intake
	saved   eventstore.Position
	newest  Mark // the last event that it has come past
	savedAt time.Time
}

func (t *reactorWork) lockName() string { return "reactor " + t.reactor.Name }
func (t *reactorWork) isReactor() bool  { return true }

func (t *reactorWork) built(context.Context) (bool, error) { return true, nil }

func (t *reactorWork) searchable() bool { return true }

func (t *reactorWork) last() Mark { return t.newest }

// actsOn: nobody waits for a reactor.
func (t *reactorWork) actsOn() func(eventstore.Recorded) bool { return t.intake.actsOn }

func (t *reactorWork) saveEvery() time.Duration { return reactorSaves }

// goesOn: a reactor that stopped goes on once somebody has told it where.
func (t *reactorWork) goesOn(now, before Checkpoint) bool { return now != before }

func (t *reactorWork) stored(ctx context.Context) (Checkpoint, error) {
	c, _, err := t.runner.DB.ReactorCheckpoint(ctx, t.reactor.Name)
	return c, err
}

func (t *reactorWork) prepare(ctx context.Context, b beginnings) error {
	_, ok, err := t.runner.DB.ReactorCheckpoint(ctx, t.reactor.Name)
	if ok || err != nil {
		return err
	}
	first, err := b.of(ctx, t.runner, t.reactor)
	if err != nil {
		return err
	}
	err = t.runner.DB.SaveReactor(ctx, t.reactor.Name, NeverRan, first)
	if errors.Is(err, ErrFenced) {
		return nil // another process was quicker
	}
	return err
}

// begin refuses to go on in a log that is not the one in which the reactor came so far: it would
// act on nothing, or twice on what it has acted on. Somebody must say from where, see Resume.
func (t *reactorWork) begin(ctx context.Context, w *worker) (eventstore.Position, error) {
	c, ok, err := t.runner.DB.ReactorCheckpoint(ctx, t.reactor.Name)
	if err == nil && !ok {
		err = errors.New("its checkpoint is gone; it must not begin from the start again by itself")
	}
	if err == nil {
		err = c.Fits(ctx, t.runner.Store)
	}
	if stranger, ok := errors.AsType[*StrangerError](err); ok {
		w.set(func() { w.position = c.Position })
		return c.Position, &faultError{Fault{Position: c.Told(), Problem: stranger.Error() + ` (say from where it goes on: "sleutelbos reactors resume ` + t.reactor.Name + ` --from …")`}}
	}
	t.saved, t.newest, t.savedAt = c.Position, c.Last, t.runner.Now()
	return c.Position, err
}

// reactorSaves is how often a reactor's checkpoint is stored. It is not stored with each effect,
// because that is a write to the disk that commands wait for, too. After a crash the effects since
// the last save happen again.
const reactorSaves = 200 * time.Millisecond

func (t *reactorWork) take(ctx context.Context, w *worker, at eventstore.Position, b Batch) (eventstore.Position, error) {
	for _, rec := range beyond(b.Events, at) {
		if err := t.act(ctx, w, rec); err != nil {
			return at, err
		}
		at, t.newest = rec.Position, MarkOf(rec)
		if t.runner.Now().Sub(t.savedAt) >= reactorSaves {
			if err := t.save(ctx, at); err != nil {
				return at, err
			}
		}
	}
	return eventstore.Later(at, b.Position), nil
}

func (t *reactorWork) save(ctx context.Context, at eventstore.Position) error {
	if at == t.saved {
		return nil
	}
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), saveLimit) // the effect has happened, so save it even if the context has ended
	defer end()
	if err := t.runner.DB.SaveReactor(ctx, t.reactor.Name, t.saved, Checkpoint{Position: at, Last: t.newest, UpdatedAt: t.runner.Now()}); err != nil {
		return fmt.Errorf("save the checkpoint: %w", err)
	}
	t.saved, t.savedAt = at, t.runner.Now()
	return nil
}

// act makes the effect of one event, or records that nothing can be done about it. It tries until
// one of them succeeds, the context ends, or somebody says from where to go on.
func (t *reactorWork) act(ctx context.Context, w *worker, rec eventstore.Recorded) error {
	event, ok, err := t.intake.take(ctx, t.runner.decoder, rec)
	if err != nil || !ok {
		return err
	}
	again, began, stopped := newPause(), time.Now(), false
	for {
		// A process that was frozen goes on in the middle of a batch, which another has taken
		// meanwhile. Rows are guarded by their checkpoint; an effect is by nothing else.
		if !w.held() {
			return errLockLost
		}
		err := t.attempt(ctx, w, event)
		if err == nil {
			w.works()
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err = fmt.Errorf("%s at position %s: %w", rec.Type, rec.Position, err)
		switch {
		case !stopped && (failure.Of(err) == failure.Ours || time.Since(began) >= t.runner.Patience):
			w.stop(faultAt(rec, err.Error()))
			stopped = true
		case stopped:
			if told, _, err := t.runner.DB.ReactorCheckpoint(ctx, t.reactor.Name); err == nil && told.Position != t.saved {
				return ErrFenced // somebody said from where it goes on, see Resume
			}
		default:
			w.failed(err)
		}
		again.Wait(ctx)
	}
}

// attempt makes the effect of one event, or passes it over.
func (t *reactorWork) attempt(ctx context.Context, w *worker, event taken) error {
	why := t.handle(ctx, event)
	if failure.Of(why) != failure.Final {
		return why
	}
	if err := t.passOver(ctx, event, why); err != nil {
		return fmt.Errorf("record that it is passed over: %w", err)
	}
	w.passedOver(fmt.Errorf("%s at position %s: %w", event.record.Type, event.record.Position, why))
	return nil
}

func (t *reactorWork) passOver(ctx context.Context, event taken, why error) (err error) {
	defer recovered(&err)
	err = t.reactor.PassOver(ctx, event.record, why)
	if failure.Of(err) == failure.Final {
		err = &panicError{"what can't be done can't be recorded either: " + failure.Code(err)}
	}
	return err
}

func (t *reactorWork) handle(ctx context.Context, event taken) (err error) {
	defer recovered(&err)
	return t.reactor.Handle(ctx, event.event, event.record)
}
