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

// work is what differs between a worker that keeps a read model and one that runs a reactor.
type work interface {
	// prepare stores where it begins, see Runner.Prepare.
	prepare(ctx context.Context, b beginnings) error
	// begin makes what the work needs and returns how far it has come.
	begin(ctx context.Context, w *worker) (eventstore.Position, error)
	// take takes the events of a batch and returns how far it came, also with an error.
	take(ctx context.Context, w *worker, at eventstore.Position, b Batch) (eventstore.Position, error)
	// save stores how far it has come, unless that is stored already.
	save(ctx context.Context, at eventstore.Position) error
	// stored returns how far it has come according to what is stored. A process that does
	// not run it can ask that, too.
	stored(ctx context.Context) (Checkpoint, error)
	// built says whether there is what it keeps: false for a read model that was never built.
	built(ctx context.Context) (bool, error)
	// searchable says whether searches of what it keeps are quick, or none are made.
	searchable() bool
	// last returns the last event that it has come past.
	last() Mark
	// actsOn says on which events it acts, if it is known that nobody waits for it to come past
	// the others; nil otherwise.
	actsOn() func(eventstore.Recorded) bool
	// saveEvery is how often a checkpoint is stored that moved without any row to write.
	saveEvery() time.Duration
	// goesOn says whether what stood still goes on, now that this is stored instead of that.
	goesOn(now, before Checkpoint) bool
	lockName() string
	isReactor() bool
}

// worker runs one projection or reactor for as long as the process lives: it waits for the
// lock, takes batches, begins again after a disturbance, and stops at a fault.
type worker struct {
	condition
	runner *Runner
	work   work

	held    func() bool   // whether the lock is certainly held; set before the first batch
	taking  sync.Mutex    // held while a batch is taken; holding it pauses the worker
	resumed chan struct{} // gets a token when a rebuild has brought the read model past a fault
}

func newWorker(r *Runner, name string, w work) *worker {
	return &worker{condition: newCondition(name, r.Logger, r.Now), runner: r, work: w, resumed: make(chan struct{}, 1)}
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
			w.standStill(ctx, fault)
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

// standStill waits until a rebuild, in this process or another, has brought the read model
// past the fault, or until somebody lets the event be passed over.
func (w *worker) standStill(ctx context.Context, fault *faultError) {
	tick := time.NewTicker(w.runner.LockRetry)
	defer tick.Stop()
	before, known := w.stoppedAt(ctx)
	for {
		select {
		case <-w.resumed:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if w.isPassedOver(ctx, fault) {
			return
		}
		now, err := w.work.stored(ctx)
		switch {
		case err != nil:
		case !known:
			before, known = now, true
		case w.work.goesOn(now, before):
			return
		}
	}
}

// isPassedOver says whether the event at which the worker stands still is to be passed over by now.
func (w *worker) isPassedOver(ctx context.Context, fault *faultError) bool {
	rec, found, err := w.runner.Store.At(ctx, fault.Position)
	if err != nil || !found {
		return false
	}
	over, err := w.runner.Registry.PassedOver(ctx, rec)
	return err == nil && over // after an error it is asked again
}

// stoppedAt returns what is stored of a worker that stands still, and false if it can't be read.
func (w *worker) stoppedAt(ctx context.Context) (Checkpoint, bool) {
	c, err := w.work.stored(ctx)
	if !w.work.isReactor() {
		c.Position = w.at()
	}
	return c, err == nil
}

var errLockLost = errors.New("the lock was lost")

// once takes the lock, begins, and takes batches until the context ends or something forces
// it to begin again.
func (w *worker) once(ctx context.Context) error {
	lock, err := w.lock(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	w.held = lock.Held
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
	subscription := ActsOn(WithLast(WithStart(ctx, at), w.work.last()), w.work.actsOn())
	err = w.runner.handle(subscription, w.name, func(m *message.Message) error {
		began := time.Now()
		err := w.message(ctx, m, end)
		rest(ctx, m, time.Since(began))
		return err
	})
	w.taking.Lock() // Watermill does not wait for the message that is being handled
	defer w.taking.Unlock()
	defer w.saveLast(ctx)
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// saveLimit is how long a save may take when the context has ended.
const saveLimit = 5 * time.Second

// saveNowAndThen stores the checkpoint regularly, until the context ends.
func (w *worker) saveNowAndThen(ctx context.Context, end context.CancelCauseFunc) {
	tick := time.NewTicker(w.work.saveEvery())
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

// saveLast stores the checkpoint at the end, so that the next start takes no event again. If
// that fails the next start has a little more to do.
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

// message takes the batch of a message. If another attempt may succeed it returns an error, so
// that the message is delivered again. Otherwise it ends the subscription.
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
	case isFault || errors.Is(err, ErrFenced) || errors.Is(err, errLockLost):
		end(err)
	case ctx.Err() == nil:
		w.failed(err)
	}
	return errAgain
}

// A batch with more than fewEvents and less than manyEvents is one of a busy hour: a single
// command brings fewer events, and a projection that catches up gets more at once.
const (
	fewEvents  = 4
	manyEvents = 100
)

// beat is of the moments at which those who rest go on.
const beat = 5 * time.Millisecond

// rest waits after a batch of a busy hour, for twice as long as the batch took but at most
// 15 ms, and then until the next beat. Meanwhile the next batch grows, and the commands have the processors;
// and the read models go on together, so that they are written in one transaction.
func rest(ctx context.Context, m *message.Message, took time.Duration) {
	b, _ := BatchOf(m.Context())
	if len(b.Events) <= fewEvents || len(b.Events) >= manyEvents {
		return
	}
	rested := time.Now().Add(min(2*took, 15*time.Millisecond))
	pause.For(ctx, time.Until(rested.Truncate(beat).Add(beat))) // the next message looks at the context
}
