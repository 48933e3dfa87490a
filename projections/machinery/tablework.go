package machinery

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"sleutelbos/eventstore"
)

// tableWork is the work of a worker that keeps a read model.
type tableWork struct {
	runner *Runner
	table  Projection
	intake intake
	folder folder
	done   int64               // events taken since the beginning of the log
	newest Mark                // the last of them
	saved  eventstore.Position // of the stored checkpoint
}

func (t *tableWork) lockName() string { return t.table.Name() }
func (t *tableWork) isReactor() bool  { return false }

func (t *tableWork) built(ctx context.Context) (bool, error) { return t.stands(ctx) }

func (t *tableWork) searchable() bool { return t.runner.DB.Searchable(t.table.definition()) }

func (t *tableWork) last() Mark { return t.newest }

// actsOn: whoever waits for a position waits for read models that change nothing there, too.
func (t *tableWork) actsOn() func(eventstore.Recorded) bool { return nil }

// saveEvery is short, because other processes wait for what is stored.
func (t *tableWork) saveEvery() time.Duration { return 100 * time.Millisecond }

// goesOn: a read model that stopped at an event goes on once a rebuild has come past it.
func (t *tableWork) goesOn(now, before Checkpoint) bool { return now.Position.After(before.Position) }

func (t *tableWork) stored(ctx context.Context) (Checkpoint, error) {
	standing, ok, err := t.runner.DB.Table(ctx, t.table.Name())
	if !ok || standing.Fingerprint != t.table.definition().Fingerprint() {
		return Checkpoint{}, err // a table of another shape does not count, see begin
	}
	return standing.Checkpoint, err
}

// prepare removes the table if it is not of this log, before anybody takes its rows or its place
// for those of this log. It makes the table if the log is empty, so that the first page that
// somebody asks for is an empty list and not an error.
func (t *tableWork) prepare(ctx context.Context, b beginnings) error {
	ok, err := t.stands(ctx)
	if err == nil && ok {
		if ok, err = t.fits(ctx); err == nil && !ok {
			err = t.runner.DB.Remove(ctx, t.table.Name())
		}
	}
	if err != nil || !b.head.IsZero() {
		return err
	}
	if ok {
		return nil
	}
	err = t.runner.build(ctx, t.table, nil)
	if errors.Is(err, ErrBusy) {
		return nil // another process makes it
	}
	return err
}

// stands says whether the table exists as this program defines it.
func (t *tableWork) stands(ctx context.Context) (bool, error) {
	standing, ok, err := t.runner.DB.Table(ctx, t.table.Name())
	ok = ok && standing.Fingerprint == t.table.definition().Fingerprint()
	if ok {
		t.runner.DB.Live(t.table.definition())
	}
	return ok, err
}

func (t *tableWork) begin(ctx context.Context, w *worker) (eventstore.Position, error) {
	ok, err := t.stands(ctx)
	if err != nil {
		return eventstore.Position{}, err
	}
	if ok {
		ok, err = t.fits(ctx)
		if err != nil {
			return eventstore.Position{}, err
		}
	}
	if !ok {
		w.set(func() { w.position = eventstore.Position{} }) // that of a table that goes
		// Queries of this program fail on a table of another shape. That the table does not
		// exist is an error that they know.
		if err := t.runner.DB.Remove(ctx, t.table.Name()); err != nil {
			return eventstore.Position{}, err
		}
		t.runner.Logger.Info("read model is being built", "projection", t.table.Name())
		if err := t.runner.rebuild(ctx, w, nil); err != nil {
			return eventstore.Position{}, err
		}
	}
	t.runner.DB.Live(t.table.definition())
	w.taking.Lock() // a builder may put its table in the place of this one at any moment
	defer w.taking.Unlock()
	c, err := t.runner.DB.Checkpoint(ctx, t.table.Name())
	t.switched(c)
	return c.Position, err
}

// fits says whether the table is made from this log. If it is not, that is said aloud.
func (t *tableWork) fits(ctx context.Context) (bool, error) {
	c, err := t.runner.DB.Checkpoint(ctx, t.table.Name())
	if err == nil {
		err = c.Fits(ctx, t.runner.Store)
	}
	stranger, ok := errors.AsType[*StrangerError](err)
	if !ok {
		return err == nil, err
	}
	t.runner.Logger.Warn("read model is not of this log; it is built again from the log that is there",
		"projection", t.table.Name(), "position", stranger.Checkpoint.Told().Commit(), "problem", stranger.Why)
	return false, nil
}

func (t *tableWork) take(ctx context.Context, w *worker, at eventstore.Position, b Batch) (eventstore.Position, error) {
	events := beyond(b.Events, at)
	if !b.Position.After(at) {
		return at, nil
	}
	ctx, done := t.runner.DB.Expect(ctx)
	defer done()
	runtime.Gosched() // the read models that the same events have woken say so before the first is written
	err := t.apply(ctx, b.Position, events)
	if err == nil {
		w.cameBy(t.intake.foreign(events))
		return b.Position, nil
	}
	t.folder.forget()
	fault, ok := errors.AsType[*faultError](err)
	if !ok {
		return at, err
	}
	// The events before the one at which it stops are still taken.
	good := before(events, fault.Position)
	if len(good) == 0 {
		return at, err
	}
	last := good[len(good)-1].Position
	if err := t.apply(ctx, last, good); err != nil {
		t.folder.forget()
		return at, err
	}
	w.cameBy(t.intake.foreign(good))
	return last, fault
}

// apply folds the events and writes rows and checkpoint in one transaction. If no row changes
// it writes nothing, because most events concern few read models.
func (t *tableWork) apply(ctx context.Context, to eventstore.Position, events []eventstore.Recorded) error {
	if err := t.stage(ctx, events); err != nil {
		return err
	}
	if keys := t.folder.missing(); len(keys) > 0 {
		if err := lookUp(t.runner.DB.Load(ctx, t.table.definition(), t.table.Name(), keys), t.folder); err != nil {
			return fmt.Errorf("load rows of %s: %w", t.table.Name(), err)
		}
	}
	if err := foldStaged(t.folder); err != nil {
		return err
	}
	c := t.folder.changes()
	done, newest := t.done+int64(len(events)), lastOf(events, t.newest)
	if len(c.inserts)+len(c.upserts)+len(c.deletes) > 0 {
		if err := t.write(ctx, Checkpoint{Position: to, Last: newest, EventsDone: done}, append(c.inserts, c.upserts...), c.deletes); err != nil {
			return err
		}
	}
	t.folder.settle()
	t.done, t.newest = done, newest
	return nil
}

func (t *tableWork) write(ctx context.Context, to Checkpoint, upserts [][]any, deletes []any) error {
	to.UpdatedAt = t.runner.Now()
	err := t.runner.DB.Apply(ctx, Change{
		Definition: t.table.definition(), Physical: t.table.Name(), Upserts: upserts, Deletes: deletes, From: t.saved, To: to,
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", t.table.Name(), err)
	}
	t.saved = to.Position
	return nil
}

// save stores the checkpoint, for other processes and for the next start.
func (t *tableWork) save(ctx context.Context, at eventstore.Position) error {
	if at == t.saved {
		return nil
	}
	return t.write(ctx, Checkpoint{Position: at, Last: t.newest, EventsDone: t.done}, nil, nil)
}

// switched notes how far the live table is that is there now: that of a builder took its place, or the
// worker begins. Its caller holds the worker's taking.
func (t *tableWork) switched(to Checkpoint) {
	t.folder.forget()
	t.done, t.newest, t.saved = to.EventsDone, to.Last, to.Position
}

func (t *tableWork) stage(ctx context.Context, events []eventstore.Recorded) error {
	for _, rec := range events {
		event, ok, err := t.intake.take(ctx, t.runner.decoder, rec)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := t.folder.stage(event); err != nil {
			return faultAt(rec, err.Error())
		}
	}
	return nil
}

// lastOf returns the mark of the last event; that of before if there is none.
func lastOf(events []eventstore.Recorded, before Mark) Mark {
	if len(events) == 0 {
		return before
	}
	return MarkOf(events[len(events)-1])
}

func beyond(events []eventstore.Recorded, at eventstore.Position) []eventstore.Recorded {
	for len(events) > 0 && !events[0].Position.After(at) {
		events = events[1:]
	}
	return events
}

func before(events []eventstore.Recorded, at eventstore.Position) []eventstore.Recorded {
	for i, rec := range events {
		if !rec.Position.Before(at) {
			return events[:i]
		}
	}
	return events
}
