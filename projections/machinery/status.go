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

// ErrBehind says that a read model has not come as far as was asked for. Compare with
// errors.Is.
var ErrBehind = errors.New("the read model is behind")

// UnknownProjectionError says that no projection has the name.
type UnknownProjectionError struct{ Name string }

func (e *UnknownProjectionError) Error() string { return "there is no projection " + e.Name }

// Names returns the names of the read models, in the order in which the options have them.
func (r *Runner) Names() []string {
	var names []string
	for _, p := range r.Tables {
		names = append(names, p.Name())
	}
	return names
}

// Status returns how each projection and each reactor is doing, the projections first.
func (r *Runner) Status(ctx context.Context) ([]Status, error) {
	all := make([]Status, 0, len(r.workers))
	known := lags{runner: r, at: map[eventstore.Position]lag{}}
	for _, w := range r.workers {
		s, err := w.status(ctx, known)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", w.name, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func (w *worker) status(ctx context.Context, known lags) (Status, error) {
	w.mu.Lock()
	s := Status{Name: w.name, Reactor: w.work.isReactor(), Position: w.position, State: w.state, ErrorAt: w.errAt, Fault: w.fault, PassedOver: w.passed, Foreign: w.foreign}
	if w.err != nil {
		s.Error, s.Disturbed = w.err.Error(), max(w.now().Sub(w.since), time.Millisecond)
	}
	if w.building != nil {
		progress := *w.building
		s.Rebuilding = &progress
	}
	active := w.active
	w.mu.Unlock()
	s.Built = active
	if !active {
		built, err := w.work.built(ctx)
		if err != nil {
			return Status{}, err
		}
		s.Built = built
		stored, err := w.work.stored(ctx)
		if err != nil {
			return Status{}, err
		}
		s.Position = stored.Position
	}
	s.Searchable = w.work.searchable()
	behind, err := known.of(ctx, s.Position)
	if errors.Is(err, eventstore.ErrUnavailable) {
		s.LagUnknown, err = true, nil
	}
	s.LagEvents, s.LagTime = behind.events, behind.age
	return s, err
}

// lag is how many events there are behind a position, and the age of the oldest.
type lag struct {
	events int64
	age    time.Duration
}

// lags are those of one look at all projections. Most of them stand at the same place, and a server is
// asked once for each place: counting there is reading.
type lags struct {
	runner *Runner
	at     map[eventstore.Position]lag
}

func (l lags) of(ctx context.Context, at eventstore.Position) (lag, error) {
	if known, ok := l.at[at]; ok {
		return known, nil
	}
	found, err := l.runner.lag(ctx, at)
	if err == nil {
		l.at[at] = found
	}
	return found, err
}

func (r *Runner) lag(ctx context.Context, at eventstore.Position) (lag, error) {
	events, err := r.Store.Behind(ctx, at, r.CountLag)
	if err != nil || events == 0 {
		return lag{}, err
	}
	for rec, err := range r.Store.ReadAll(ctx, at, eventstore.Forwards, eventstore.Filter{}) {
		if err != nil {
			return lag{}, err
		}
		return lag{events, max(r.Now().Sub(rec.Created), time.Millisecond)}, nil
	}
	return lag{events: events}, nil
}

// Building returns how far the read models are that are being built for the first time, in percent:
// that of the one that has come least far. It returns false if this process builds none.
func (r *Runner) Building() (percent int, building bool) {
	for _, w := range r.workers {
		w.mu.Lock()
		p, active := w.building, w.active
		w.mu.Unlock()
		if p == nil || active {
			continue
		}
		done := int(100 * p.EventsDone / max(p.EventsTotal, 1))
		if !building || done < percent {
			percent = min(done, 99) // it is not done before it can be read
		}
		building = true
	}
	return percent, building
}

// WaitFor waits until the named read models have taken all events up to the position; without
// names it waits for all read models. It returns ErrBehind if the context ends first or if one
// of them has stopped, and an *UnknownProjectionError for an unknown name.
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

// WaitFor looks at the checkpoint of a projection that another process runs after firstPoll,
// and then less and less often, down to every mostPoll. Usually it is there soon.
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
			if stored, err := w.work.stored(ctx); err == nil { // after an error it is asked again
				at = stored.Position
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
