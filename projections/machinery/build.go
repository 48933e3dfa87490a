package machinery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"sleutelbos/eventstore"
	"sleutelbos/internal/turns"
)

// ErrBusy says that the read model is being rebuilt or verified already. Compare with
// errors.Is.
var ErrBusy = errors.New("a rebuild or verification of this read model is under way")

// builder makes a table from the whole log, beside the live one. It folds in memory, so that
// it writes most rows only once, and makes the indexes last.
type builder struct {
	runner   *Runner
	table    Projection
	physical string
	intake   intake
	decoder  *decoder
	folder   folder
	meter    *meter

	at       eventstore.Position
	last     Mark // the last event up to there
	done     int64
	finished bool // it has its indexes, and is written like a live table from now on
	filling  chan error
}

func (r *Runner) newBuilder(p Projection, physical string, progress func(Progress)) (*builder, error) {
	w, ok := r.byName[p.Name()]
	if !ok {
		return nil, &UnknownProjectionError{p.Name()}
	}
	return &builder{
		runner: r, table: p, physical: physical, intake: w.work.(*tableWork).intake,
		decoder: newDecoder(r.Registry, r.Keys, 0), folder: p.newFolder(room{r.RebuildRows, r.RebuildBytes}),
		meter: &meter{now: r.Now, began: r.Now(), report: progress},
	}, nil
}

// start makes the empty table. It replaces one that an interrupted builder left.
func (b *builder) start(ctx context.Context) error {
	return b.runner.DB.Create(ctx, b.table.definition(), b.physical)
}

// to takes the events up to a position, or to the end of the log for eventstore.End, and
// returns how many it took.
func (b *builder) to(ctx context.Context, until eventstore.Position) (int64, error) {
	head, err := b.runner.Store.Head(ctx)
	if err != nil {
		return 0, err
	}
	before := b.done
	for chunk, err := range readChunks(ctx, b, eventstore.Earlier(until, head)) {
		if err != nil {
			return 0, errors.Join(err, b.settleFilling())
		}
		if err := b.chunk(ctx, chunk); err != nil {
			return 0, errors.Join(err, b.settleFilling())
		}
		b.meter.tell(b.done, b.at, head)
	}
	return b.done - before, nil
}

// chunk folds the events of a chunk, and writes when enough rows have changed.
func (b *builder) chunk(ctx context.Context, c *chunk) error {
	err := turns.Do(ctx, func(context.Context) error {
		for _, event := range c.taken {
			if err := b.folder.stage(event); err != nil {
				return faultAt(event.record.Recorded, err.Error())
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.lookUp(ctx); err != nil {
		return err
	}
	if err := turns.Do(ctx, func(context.Context) error { return foldStaged(b.folder) }); err != nil {
		return err
	}
	from := b.at
	b.at, b.last, b.done = c.last.Position, c.last, b.done+c.count
	if b.finished {
		return b.write(ctx, from)
	}
	if b.folder.full() {
		return b.flush(ctx)
	}
	return nil
}

// lookUp loads the staged events' rows that were written and are no longer in memory.
func (b *builder) lookUp(ctx context.Context) error {
	keys := b.folder.missing()
	if len(keys) == 0 {
		return nil
	}
	if err := b.settleFilling(); err != nil {
		return err
	}
	if err := lookUp(b.runner.DB.Load(ctx, b.table.definition(), b.physical, keys), b.folder); err != nil {
		return fmt.Errorf("load rows of %s: %w", b.physical, err)
	}
	return nil
}

// write writes rows and checkpoint in one transaction, as a live projection does.
func (b *builder) write(ctx context.Context, from eventstore.Position) error {
	c := b.folder.changes()
	err := b.runner.DB.Apply(ctx, Change{
		Definition: b.table.definition(), Physical: b.physical, Upserts: append(c.inserts, c.upserts...), Deletes: c.deletes,
		From: from, To: b.checkpoint(),
	})
	b.folder.settle()
	return err
}

// flush writes the rows that changed. New rows are filled in while the next events are being
// folded already; settleFilling waits for that.
func (b *builder) flush(ctx context.Context) error {
	if err := b.settleFilling(); err != nil {
		return err
	}
	c := b.folder.changes()
	b.folder.settle()
	if len(c.upserts)+len(c.deletes) > 0 {
		err := b.runner.DB.Apply(ctx, Change{Definition: b.table.definition(), Physical: b.physical, Upserts: c.upserts, Deletes: c.deletes})
		if err != nil {
			return err
		}
	}
	filling := make(chan error, 1)
	b.filling = filling
	go func() {
		slices.SortFunc(c.inserts, func(x, y []any) int { return compareKeys(x[0], y[0]) }) // the key's index grows faster in order
		filling <- b.runner.DB.Fill(ctx, b.table.definition(), b.physical, c.inserts)
	}()
	return nil
}

func (b *builder) settleFilling() error {
	if b.filling == nil {
		return nil
	}
	err := <-b.filling
	b.filling = nil
	return err
}

// finish writes the remaining rows and makes the indexes.
func (b *builder) finish(ctx context.Context) error {
	if err := errors.Join(b.flush(ctx), b.settleFilling()); err != nil {
		return err
	}
	b.finished = true
	if err := b.write(ctx, eventstore.Position{}); err != nil {
		return err
	}
	return b.runner.DB.Finish(ctx, b.table.definition(), b.physical)
}

func (b *builder) checkpoint() Checkpoint {
	return Checkpoint{Position: b.at, Last: b.last, EventsDone: b.done, UpdatedAt: b.runner.Now()}
}

func compareKeys(x, y any) int {
	if n, ok := x.(int64); ok {
		return cmp.Compare(n, y.(int64))
	}
	return cmp.Compare(x.(string), y.(string))
}

// exclusively runs a job on a table under the lock of its rebuilds and verifications, and ends
// the job's context if the lock is lost.
func (r *Runner) exclusively(ctx context.Context, name string, job func(context.Context) error) error {
	lock, ok, err := r.DB.TryLock(ctx, "rebuild "+name)
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if !ok {
		return ErrBusy
	}
	defer lock.Release()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	go func() {
		select {
		case <-lock.Lost():
			end(errLockLost)
		case <-ctx.Done():
		}
	}()
	err = job(ctx)
	if cause := context.Cause(ctx); err != nil && errors.Is(cause, errLockLost) {
		return cause
	}
	return err
}
