package machinery

import (
	"context"
	"errors"
	"fmt"
	"math"

	"sleutelbos/eventstore"
)

// Suffixes of the tables that stand beside a live one for a while.
const (
	rebuildSuffix = "__rebuild"
	verifySuffix  = "__verify"
)

// Rebuild makes a read model anew from the whole log beside the live one, which goes on,
// and switches when it has come as far. It may run in another process than the one that
// keeps the read model. A rebuild that was interrupted is simply begun again. A projection
// that had stopped goes on after it. Errors: *UnknownProjectionError, ErrBusy, a fault.
func (r *Runner) Rebuild(ctx context.Context, name string, progress func(Progress)) error {
	w, ok := r.byName[name]
	if !ok || w.work.isReactor() {
		return &UnknownProjectionError{name}
	}
	if err := r.rebuild(ctx, w, progress); err != nil {
		return fmt.Errorf("rebuild %s: %w", name, err)
	}
	select {
	case w.resumed <- struct{}{}:
	default:
	}
	return nil
}

func (r *Runner) rebuild(ctx context.Context, w *worker, progress func(Progress)) error {
	defer w.set(func() { w.building = nil })
	return r.build(ctx, w.work.(*tableWork).table, func(p Progress) {
		w.set(func() { w.building = &p })
		if progress != nil {
			progress(p)
		}
	})
}

// build makes the table beside the live one and switches.
func (r *Runner) build(ctx context.Context, p Projection, progress func(Progress)) error {
	return r.exclusively(ctx, p.Name(), func(ctx context.Context) error {
		b, err := r.newBuilder(p, p.Name()+rebuildSuffix, progress)
		if err != nil {
			return err
		}
		if err = b.run(ctx); err != nil {
			err = errors.Join(err, r.DB.Remove(context.WithoutCancel(ctx), b.physical))
		}
		return err
	})
}

// nearEnough is how few events may be missing when the live projection is paused. Where
// the log grows as quickly as the rebuild reads it, it is paused for what is missing then:
// a rebuild always ends.
const nearEnough = 500

func (b *builder) run(ctx context.Context) error {
	if err := b.start(ctx); err != nil {
		return err
	}
	if _, err := b.to(ctx, eventstore.End); err != nil {
		return err
	}
	if err := b.finish(ctx); err != nil {
		return err
	}
	for before := int64(math.MaxInt64); ; {
		n, err := b.to(ctx, eventstore.End)
		if err != nil {
			return err
		}
		if n > nearEnough && n < before { // it gains on the writers
			before = n
			continue
		}
		if err := b.takeOver(ctx); !errors.Is(err, ErrFenced) {
			b.meter.end(b.done)
			return err
		}
	}
}

// takeOver switches while this process's live projection pauses. A live projection of
// another process does not: then the switch fails if it was quicker (ErrFenced), and if it
// was not, it finds its checkpoint moved and begins again from there.
func (b *builder) takeOver(ctx context.Context) error {
	w := b.runner.byName[b.table.Name()]
	w.taking.Lock()
	defer w.taking.Unlock()
	live, err := b.runner.DB.Checkpoint(ctx, b.table.Name())
	if err != nil {
		return err
	}
	if _, err := b.to(ctx, eventstore.End); err != nil {
		return err
	}
	// The store may hide events behind the last that it shows: then these are beyond it.
	b.at = eventstore.Later(b.at, eventstore.Later(live.Position, w.at()))
	if err := b.runner.DB.Switch(ctx, b.table.definition(), b.physical, b.checkpoint()); err != nil {
		return err
	}
	w.work.(*tableWork).switched(b.checkpoint())
	w.set(func() {
		w.position = b.at
		w.wake()
	})
	return nil
}
