package machinery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sleutelbos/eventstore"
)

// ErrBusy says that the read model is being rebuilt or verified already. Compare with errors.Is.
var ErrBusy = errors.New("a rebuild or verification of this read model is under way")

// builder makes a table from the whole log, beside the live one. It folds in memory and
// writes each row about once; indexes come last.
type builder struct {
	runner   *Runner
	table    Projection
	physical string
	intake   intake
	decoder  *decoder
	folder   folder
	meter    *meter

	at       eventstore.Position
	done     int64
	finished bool // with indexes: from now on it is written like a live table
	filling  chan error
}

func (r *Runner) newBuilder(p Projection, physical string, progress func(Progress)) (*builder, error) {
	w, ok := r.byName[p.Name()]
	if !ok {
		return nil, &UnknownProjectionError{p.Name()}
	}
	return &builder{
		runner: r, table: p, physical: physical, intake: w.work.(*tableWork).intake,
		decoder: newDecoder(r.Registry, r.Keys, 0), folder: p.newFolder(r.RebuildRows),
		meter: &meter{now: r.Now, began: r.Now(), report: progress},
	}, nil
}

// start makes the empty table, in place of what an interrupted builder left.
func (b *builder) start(ctx context.Context) error {
	return b.runner.DB.Create(ctx, b.table.definition(), b.physical)
}

// to takes the events up to a position, or up to the present for End. It answers how many.
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

// chunk folds the events of a chunk and writes what is due.
func (b *builder) chunk(ctx context.Context, c *chunk) error {
	for _, event := range c.taken {
		if err := b.folder.stage(event); err != nil {
			return faultAt(event.record.Recorded, err.Error())
		}
	}
	if err := b.lookUp(ctx); err != nil {
		return err
	}
	if err := foldStaged(b.folder); err != nil {
		return err
	}
	from := b.at
	b.at, b.done = c.last, b.done+c.count
	if b.finished {
		return b.write(ctx, from)
	}
	if b.folder.dirty() >= b.runner.RebuildRows/4 {
		return b.flush(ctx)
	}
	return nil
}

// lookUp loads the rows touched that were written and forgotten.
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

// write moves rows and checkpoint as a live projection does.
func (b *builder) write(ctx context.Context, from eventstore.Position) error {
	c := b.folder.changes()
	err := b.runner.DB.Apply(ctx, Change{
		Definition: b.table.definition(), Physical: b.physical, Upserts: append(c.inserts, c.upserts...), Deletes: c.deletes,
		From: from, To: b.checkpoint(),
	})
	b.folder.settle()
	return err
}

// flush fills new rows in while the next events are being folded; rows seen before are
// written over.
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
		slices.SortFunc(c.inserts, func(x, y []any) int { return compareKeys(x[0], y[0]) }) // quicker for the key's index
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

// finish writes the rest and makes the indexes.
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
	return Checkpoint{Position: b.at, EventsDone: b.done, UpdatedAt: b.runner.Now()}
}

func compareKeys(x, y any) int {
	if n, ok := x.(int64); ok {
		return cmp.Compare(n, y.(int64))
	}
	return cmp.Compare(x.(string), y.(string))
}

// meter turns counts into progress, at most every fifth of a second.
type meter struct {
	now         func() time.Time
	began, told time.Time
	report      func(Progress)
}

func (m *meter) tell(done int64, at, head eventstore.Position) {
	now := m.now()
	if m.report == nil || now.Sub(m.told) < 200*time.Millisecond {
		return
	}
	m.told = now
	p := Progress{EventsDone: done, EventsTotal: done}
	if !at.IsZero() && at.Before(head) {
		p.EventsTotal = int64(float64(done) / at.PartOf(head))
	}
	if spent := now.Sub(m.began).Seconds(); spent > 0 {
		p.PerSecond = float64(done) / spent
		p.Left = time.Duration(float64(p.EventsTotal-done) / max(p.PerSecond, 1) * float64(time.Second)).Round(time.Second)
	}
	m.report(p)
}

func (m *meter) end(done int64) {
	m.told = time.Time{}
	m.tell(done, eventstore.Position{}, eventstore.Position{})
}

// exclusively runs a job on a table under the lock that rebuilds and verifications share.
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
