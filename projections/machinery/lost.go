package machinery

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"sleutelbos/eventstore"
)

// Kept is how far a reactor is known to have come by somebody else than its checkpoint: the last
// event that it has come past, by its place in its stream. An empty stream stands for none.
type Kept struct {
	Stream   string
	Revision int64
	ID       uuid.UUID
}

// lostID is the id of the mark of a checkpoint that was lost. No log has such an event.
var lostID = uuid.Max

// lostCheckpoint is the checkpoint of a reactor of which nobody knows how far it had come. It fits no
// log, so the reactor stops until somebody says from where it goes on, see Resume.
func (r *Runner) lostCheckpoint() Checkpoint {
	return Checkpoint{Last: Mark{ID: lostID}, UpdatedAt: r.Now()}
}

// beginnings decides where reactors begin that have no checkpoint.
type beginnings struct {
	head eventstore.Position
	kept map[string]Kept
	gone bool // the checkpoints of reactors that ran in this log are gone, and nobody kept them
}

// beginnings returns where reactors begin. In a log with events, one of them or Kept must know of
// reactors that ran; otherwise what is stored of them was lost, or is that of another log.
func (r *Runner) beginnings(ctx context.Context) (b beginnings, err error) {
	if b.head, err = r.Store.Head(ctx); err != nil || r.Kept == nil {
		return b, err
	}
	if b.kept, err = r.Kept(ctx); err != nil {
		return b, err
	}
	ran, err := r.DB.Reactors(ctx)
	b.gone = len(ran) == 0 && len(b.kept) == 0 && !b.head.IsZero()
	return b, err
}

// of returns the checkpoint at which a reactor begins that has none. One that is new begins at the
// end of the log.
func (b beginnings) of(ctx context.Context, r *Runner, reactor Reactor) (Checkpoint, error) {
	kept, known := b.kept[reactor.Name]
	switch {
	case known && kept.Stream == "", reactor.FromStart && !known:
		return Checkpoint{UpdatedAt: r.Now()}, nil
	case known:
		c, err := r.checkpointOf(ctx, kept)
		if err == nil {
			r.Logger.ErrorContext(ctx, "the checkpoint of a reactor was lost; it goes on from where it was last seen, and does again what came since", "reactor", reactor.Name, "position", c.Told().String())
		}
		return c, err
	case b.gone:
		return r.lostCheckpoint(), nil
	}
	newest, err := markAt(ctx, r.Store, b.head)
	return Checkpoint{Position: b.head, Last: newest, UpdatedAt: r.Now()}, err
}

// checkpointOf returns the checkpoint at an event that was kept, or one that is lost if this log does
// not hold the event.
func (r *Runner) checkpointOf(ctx context.Context, kept Kept) (Checkpoint, error) {
	for rec, err := range r.Store.ReadStream(ctx, kept.Stream, kept.Revision, eventstore.Forwards) {
		if err != nil {
			return Checkpoint{}, fmt.Errorf("read where a reactor was last seen: %w", err)
		}
		if rec.Revision == kept.Revision && rec.ID == kept.ID {
			return Checkpoint{Position: rec.Position, Last: MarkOf(rec), UpdatedAt: r.Now()}, nil
		}
		break
	}
	return r.lostCheckpoint(), nil
}

// Keep returns how far a reactor has come, for somebody who keeps it besides its checkpoint. It is
// false for one whose place in this log is not known.
func Keep(ctx context.Context, store eventstore.Store, c Checkpoint) (Kept, bool, error) {
	if c.Last.ID == uuid.Nil {
		return Kept{}, c.Position.IsZero(), nil // an earlier program noted no event
	}
	if c.Last.ID == lostID {
		return Kept{}, false, nil
	}
	rec, found, err := store.At(ctx, c.Last.Position)
	if err != nil || !found || rec.ID != c.Last.ID {
		return Kept{}, false, err
	}
	return Kept{rec.Stream, rec.Revision, rec.ID}, true, nil
}
