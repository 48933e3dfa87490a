package machinery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"

	"sleutelbos/eventstore"
	"sleutelbos/internal/pause"
)

// work is what differs between a read model and a reactor.
type work interface {
	// prepare notes the beginning, see Runner.Prepare.
	prepare(ctx context.Context, head eventstore.Position) error
	// begin answers how far it is, after making what it needs.
	begin(ctx context.Context, w *worker) (eventstore.Position, error)
	// take does the events, and answers how far it came, also with an error.
	take(ctx context.Context, w *worker, at eventstore.Position, b Batch) (eventstore.Position, error)
	// save stores how far it came, if it did not when it came there.
	save(ctx context.Context, at eventstore.Position) error
	// stored answers how far it is, for a process that does not run it.
	stored(ctx context.Context) (eventstore.Position, error)
	lockName() string
	isReactor() bool
}

// worker runs one projection or reactor for as long as the process lives: it waits for the
// lock, takes batches, begins again after a disturbance, and stops at a fault.
type worker struct {
	runner *Runner
	name   string
	work   work

	taking  sync.Mutex // held while a batch is taken; who holds it has paused the worker
	resumed chan struct{}

	mu       sync.Mutex
	position eventstore.Position
	active   bool // this process runs it, so position is the present
	state    State
	err      error
	errAt    time.Time
	fault    *Fault
	building *Progress
	moved    chan struct{} // closed when position or fault change
}

func newWorker(r *Runner, name string, w work) *worker {
	return &worker{runner: r, name: name, work: w, state: StateWaiting, moved: make(chan struct{}), resumed: make(chan struct{}, 1)}
}

// newPause returns the pause of a worker or reactor that was disturbed.
func newPause() *pause.Growing { return pause.Between(50*time.Millisecond, 5*time.Second) }

func (w *worker) run(ctx context.Context) {
	again := newPause()
	for ctx.Err() == nil {
		err := w.once(ctx)
		switch fault, ok := errors.AsType[*faultError](err); {
		case ctx.Err() != nil:
		case ok:
			w.stop(fault)
			w.standStill(ctx)
		case errors.Is(err, ErrFenced) || errors.Is(err, errLockLost):
			w.runner.Logger.Warn("projection begins again", "projection", w.name, "error", err)
			again.Wait(ctx)
		case err != nil:
			w.failed(err)
			again.Wait(ctx)
		default:
			again.Reset()
		}
	}
}

// standStill waits until a rebuild has brought the read model past the fault, here or in
// another process.
func (w *worker) standStill(ctx context.Context) {
	tick := time.NewTicker(w.runner.LockRetry)
	defer tick.Stop()
	stoppedAt := w.at()
	for {
		select {
		case <-w.resumed:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if at, err := w.work.stored(ctx); err == nil && at.After(stoppedAt) {
			return
		}
	}
}

var errLockLost = errors.New("the lock was lost")

// once takes the lock, begins, and takes batches until something ends it.
func (w *worker) once(ctx context.Context) error {
	lock, err := w.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	defer w.set(func() { w.active = false })
	at, err := w.work.begin(ctx, w)
	if err != nil {
		return err
	}
	w.set(func() { w.position, w.active, w.err, w.fault = at, true, nil, nil })
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	go func() {
		select {
		case <-lock.Lost():
			end(errLockLost)
		case <-ctx.Done():
		}
	}()
	go w.saveNowAndThen(ctx, end)
	err = w.runner.handle(WithStart(ctx, at), w.name, func(m *message.Message) error {
		began := time.Now()
		err := w.message(ctx, m, end)
		rest(ctx, m, time.Since(began))
		return err
	})
	w.taking.Lock() // Watermill does not wait for the message in hand
	defer w.taking.Unlock()
	defer w.saveLast(ctx)
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// How often a checkpoint is stored that moved without anything to write, and how long a
// save may take that is made on the way out.
const (
	saveEvery = 100 * time.Millisecond
	saveLimit = 5 * time.Second
)

func (w *worker) saveNowAndThen(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		w.taking.Lock()
		err := ctx.Err()
		if err == nil {
			err = w.work.save(ctx, w.at())
		}
		w.taking.Unlock()
		switch {
		case errors.Is(err, ErrFenced):
			end(err)
		case err != nil && ctx.Err() == nil:
			w.failed(err)
		}
	}
}

// saveLast saves on the way out, so that the next start takes nothing again. It is no loss
// if that fails.
func (w *worker) saveLast(ctx context.Context) {
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), saveLimit)
	defer end()
	if err := w.work.save(ctx, w.at()); err != nil {
		w.runner.Logger.Warn("the last checkpoint could not be stored", "projection", w.name, "error", err)
	}
}

// lock waits until this process may run the projection.
func (w *worker) lock(ctx context.Context) (Lock, error) {
	for {
		lock, ok, err := w.runner.DB.TryLock(ctx, w.work.lockName())
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		if ok {
			w.set(func() { w.state = StateCatchingUp })
			return lock, nil
		}
		w.set(func() { w.state, w.err = StateWaiting, nil })
		if !pause.For(ctx, w.runner.LockRetry) {
			return nil, ctx.Err()
		}
	}
}

// message takes the batch of a message. What another try may mend is an error, so that the
// message comes again; what it can't ends the subscription.
func (w *worker) message(ctx context.Context, m *message.Message, end context.CancelCauseFunc) error {
	b, ok := BatchOf(m.Context())
	if !ok {
		end(errors.New("the subscriber's messages carry no batch"))
		return errAgain
	}
	w.taking.Lock()
	defer w.taking.Unlock()
	if ctx.Err() != nil {
		return errAgain
	}
	at := w.at()
	to, err := w.work.take(ctx, w, at, b)
	if to != at || err == nil {
		w.arrived(to, b, err == nil)
	}
	_, isFault := errors.AsType[*faultError](err)
	switch {
	case err == nil:
		return nil
	case isFault || errors.Is(err, ErrFenced):
		end(err)
	case ctx.Err() == nil:
		w.failed(err)
	}
	return errAgain
}

// A batch of so many events is one of a busy hour: more than one command brings, fewer than
// somebody brings who catches up.
const (
	fewEvents  = 4
	manyEvents = 100
)

// rest keeps a batch of a busy hour for twice as long as it took, up to 15 ms, so that the
// next one is larger and whoever appends has a processor left to do it on.
func rest(ctx context.Context, m *message.Message, took time.Duration) {
	b, _ := BatchOf(m.Context())
	if len(b.Events) > fewEvents && len(b.Events) < manyEvents {
		pause.For(ctx, min(2*took, 15*time.Millisecond)) // whoever handles the next looks at the context
	}
}

func (w *worker) at() eventstore.Position {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.position
}

func (w *worker) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// arrived notes how far the worker came and wakes who waits for it.
func (w *worker) arrived(to eventstore.Position, b Batch, well bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.position = to
	if well {
		if w.err != nil {
			w.runner.Logger.Info("projection works again", "projection", w.name)
		}
		w.err = nil
	}
	switch {
	case b.CaughtUp:
		w.state = StateLive
	case len(b.Events) >= catchingUpFrom:
		w.state = StateCatchingUp
	}
	w.wake()
}

// catchingUpFrom is the size of a batch that shows that the projection is behind.
const catchingUpFrom = 1000

func (w *worker) wake() {
	close(w.moved)
	w.moved = make(chan struct{})
}

func (w *worker) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil || w.err.Error() != err.Error() {
		w.runner.Logger.Warn("projection is disturbed and tries again", "projection", w.name, "error", err)
	}
	w.err, w.errAt = err, w.runner.Now()
}

func (w *worker) stop(f *faultError) {
	w.runner.Logger.Error("projection stopped", "projection", w.name, "type", f.Type, "stream", f.Stream,
		"revision", f.Revision, "position", f.Position.Commit(), "problem", f.Problem)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state, w.fault, w.err, w.errAt = StateStopped, &f.Fault, f, w.runner.Now()
	w.wake()
}
