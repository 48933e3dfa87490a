package machinery

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// The names of tables that stand beside a live one for a while end like this.
const (
	rebuildSuffix = "__rebuild"
	verifySuffix  = "__verify"
)

// Rebuild makes a read model anew from the whole log. The live one goes on beside it, and is
// replaced when the new one has come as far. Rebuild may run in another process than the one
// that keeps the read model. After an interruption it begins from the start. A projection that
// had stopped at a fault goes on afterwards. Errors: *UnknownProjectionError, ErrBusy, and a
// fault of an event.
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

// build makes the table beside the live one and puts it in its place.
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

// nearEnough is how many events a rebuild may be behind when it pauses the live projection to
// take over. If the log grows as fast as the rebuild reads it, it takes over without coming so
// near; so a rebuild always ends.
const nearEnough = 500

// heldPause is how long a rebuild waits for whoever reads the live table.
const heldPause = 300 * time.Millisecond

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
		if n > nearEnough && n < before { // it is getting nearer
			before = n
			continue
		}
		err = b.takeOver(ctx)
		if errors.Is(err, ErrHeld) {
			pause.For(ctx, heldPause) // the live one goes on meanwhile
			continue
		}
		if !errors.Is(err, ErrFenced) {
			b.meter.end(b.done)
			return err
		}
	}
}

// takeOver puts the new table in the place of the live one, while this process's live
// projection pauses. A live projection in another process does not pause. If it has come
// further, the switch fails with ErrFenced; if not, it finds its checkpoint moved at its next
// write, and begins again from there.
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
