package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sleutelbos/projections/machinery"
	"sleutelbos/projections/models/accountlist"
)

// Run works until the context ends or a part fails. At the end no new requests are taken,
// those under way are answered, and then the other parts stop. What was accepted is finished
// before Run returns.
func (a *App) Run(ctx context.Context) error {
	parts, stopParts := context.WithCancel(context.WithoutCancel(ctx))
	defer stopParts()
	failed, cancel := context.WithCancel(ctx)
	defer cancel()
	work := make(chan error, 1)
	go func() {
		defer cancel()
		work <- a.work(parts)
	}()
	var errs []error
	if a.parts&Web != 0 {
		errs = append(errs, a.serve(failed))
	} else {
		<-failed.Done()
		a.stop.Begin()
	}
	stopParts()
	return errors.Join(append(errs, <-work)...)
}

// work runs read models, reactors, clock, seals and the door. Errors: a part that could not
// go on.
func (a *App) work(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	part := func(wanted bool, name string, work func(context.Context) error) {
		if !wanted {
			return
		}
		running.Go(func() {
			if err := work(ctx); err != nil && ctx.Err() == nil {
				cancel(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	part(a.parts&Views != 0, "read models", a.Runner.Run)
	part(a.parts&Refusals != 0, "refusals", a.Commands.Engine.Run)
	for _, j := range []*job{a.schedule.deadlines, a.schedule.repairs, a.schedule.mark} {
		part(a.parts&Clock != 0, j.name, a.alone(j.name, j.run))
	}
	part(a.parts&Views != 0, a.schedule.keys.name, a.schedule.keys.run)
	part(a.Door != nil, "the door of the event log", func(ctx context.Context) error { return a.Door.Serve(ctx) })
	sealing, endSeals := context.WithCancel(context.WithoutCancel(ctx))
	defer endSeals()
	var last sync.WaitGroup
	last.Go(func() { a.seal(sealing) })
	<-ctx.Done()
	a.tasks.stop()
	running.Wait()
	endSeals() // the last seal covers what the other parts wrote at their end
	last.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// KeepDeadlines ends the activations and accounts that are over.
func (a *App) KeepDeadlines(ctx context.Context) error {
	_, err := a.Commands.Clock.Deadlines(ctx, due{a.Rows}, a.Now())
	return err
}

// seal seals the log until the context ends, if that is among the parts, and at the end once more.
func (a *App) seal(ctx context.Context) {
	if a.parts&Seals == 0 {
		return
	}
	_ = a.alone(a.schedule.seals.name, func(ctx context.Context) error { // it has no error: it tries again
		err := a.schedule.seals.run(ctx)
		a.Sealer.Finish(context.WithoutCancel(ctx))
		return err
	})(ctx)
}

// due finds in the list of accounts what the clock has to end. The list may lag; the
// account itself decides.
type due struct{ db machinery.Reader }

// DueActivations returns accounts whose activation is over.
func (d due) DueActivations(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return accountlist.DueActivations(ctx, d.db, now, limit)
}

// DueAccounts returns accounts whose end date has passed.
func (d due) DueAccounts(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return accountlist.DueAccounts(ctx, d.db, now, limit)
}

// tasks are begun by requests, outlive them, and end with the program.
type tasks struct {
	ctx     context.Context //nolint:containedctx // theirs, not that of a call
	cancel  context.CancelFunc
	running *sync.WaitGroup
}

func newTasks(parent context.Context) tasks {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	return tasks{ctx, cancel, &sync.WaitGroup{}}
}

func (t tasks) begin(task func(context.Context)) { t.running.Go(func() { task(t.ctx) }) }

// stop ends the tasks and waits for them. No request may begin another any more.
func (t tasks) stop() {
	t.cancel()
	t.running.Wait()
}
