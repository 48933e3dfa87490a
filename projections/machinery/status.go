package machinery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// ErrBehind says that a read model has not come as far as was asked. Compare with errors.Is.
var ErrBehind = errors.New("the read model is behind")

// UnknownProjectionError says that no projection has the name.
type UnknownProjectionError struct{ Name string }

func (e *UnknownProjectionError) Error() string { return "there is no projection " + e.Name }

// Names answers the names of the read models, in the order in which they were given.
func (r *Runner) Names() []string {
	var names []string
	for _, p := range r.Tables {
		names = append(names, p.Name())
	}
	return names
}

// Status answers how each projection, and then each reactor, is doing.
func (r *Runner) Status(ctx context.Context) ([]Status, error) {
	all := make([]Status, 0, len(r.workers))
	for _, w := range r.workers {
		s, err := w.status(ctx)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", w.name, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func (w *worker) status(ctx context.Context) (Status, error) {
	w.mu.Lock()
	s := Status{Name: w.name, Reactor: w.work.isReactor(), Position: w.position, State: w.state, ErrorAt: w.errAt, Fault: w.fault}
	if w.err != nil {
		s.Error = w.err.Error()
	}
	if w.building != nil {
		progress := *w.building
		s.Rebuilding = &progress
	}
	active := w.active
	w.mu.Unlock()
	if !active {
		position, err := w.work.stored(ctx)
		if err != nil {
			return Status{}, err
		}
		s.Position = position
	}
	var err error
	if s.LagEvents, err = w.runner.Store.Behind(ctx, s.Position, LagLimit); err != nil || s.LagEvents == 0 {
		return s, err
	}
	for rec, err := range w.runner.Store.ReadAll(ctx, s.Position, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return Status{}, err
		}
		s.LagTime = max(w.runner.Now().Sub(rec.Created), time.Millisecond)
		break
	}
	return s, nil
}

// WaitFor waits until the named read models, or all if none is named, have taken
// everything up to the position. Errors: ErrBehind, when the context ends first or one of
// them has stopped; *UnknownProjectionError.
func (r *Runner) WaitFor(ctx context.Context, position eventstore.Position, names ...string) error {
	if len(names) == 0 {
		names = r.Names()
	}
	for _, name := range names {
		w, ok := r.byName[name]
		if !ok || !slices.Contains(r.Names(), name) {
			return &UnknownProjectionError{name}
		}
		if err := w.waitFor(ctx, position); err != nil {
			return err
		}
	}
	return nil
}

// How often the checkpoint of a projection that another process runs is looked at: often
// in the beginning, for it is soon there as a rule.
const (
	firstPoll = 3 * time.Millisecond
	mostPoll  = 50 * time.Millisecond
)

func (w *worker) waitFor(ctx context.Context, position eventstore.Position) error {
	for again := pause.Between(firstPoll, mostPoll); ; {
		w.mu.Lock()
		at, active, state, moved := w.position, w.active, w.state, w.moved
		w.mu.Unlock()
		var poll <-chan time.Time
		if !active && state != StateStopped {
			at = eventstore.Position{}
			if stored, err := w.work.stored(ctx); err == nil { // else it is asked again, until the context ends
				at = stored
			}
			poll = time.After(again.Next())
		}
		switch {
		case !at.Before(position):
			return nil
		case state == StateStopped:
			return fmt.Errorf("%w: %s has stopped", ErrBehind, w.name)
		}
		select {
		case <-moved:
		case <-poll:
		case <-ctx.Done():
			return fmt.Errorf("%w: %s", ErrBehind, w.name)
		}
	}
}
