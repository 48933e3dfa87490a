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

// How often the clock's own work is done.
const (
	deadlinesEvery = 5 * time.Second
	sweepEvery     = time.Minute
	sealEvery      = time.Hour
	lookEvery      = time.Hour
	pruneEvery     = time.Hour
	markEvery      = 5 * time.Second
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
	part(a.parts&Clock != 0, "deadlines", a.alone("deadlines", a.every(deadlinesEvery, a.KeepDeadlines)))
	part(a.parts&Clock != 0, "repairs", a.alone("repairs", a.every(sweepEvery, func(ctx context.Context) error {
		_, err := a.Vault.Sweep(ctx)
		return errors.Join(err, a.Commands.Repairs.Sweep(ctx, a.Now()))
	})))
	part(a.parts&Clock != 0, "the outbox", a.every(pruneEvery, a.pruneOutbox)) // of the own folder, in each process
	part(a.parts&Views != 0, "the look at the keys", a.every(lookEvery, a.lookAtKeys))
	part(a.parts&Clock != 0, "the mark of the log", a.alone("mark", a.every(markEvery, a.mark)))
	part(a.Door != nil, "the door of the event log", func(ctx context.Context) error { return a.Door.Serve(ctx) })
	sealing, endSeals := context.WithCancel(context.WithoutCancel(ctx))
	defer endSeals()
	var last sync.WaitGroup
	last.Go(func() { a.seal(sealing) })
	<-ctx.Done()
	a.jobs.stop()
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

// seal seals the log until the context ends, if that is among the parts.
func (a *App) seal(ctx context.Context) {
	if a.parts&Seals == 0 {
		return
	}
	run := a.alone("seals", func(ctx context.Context) error { a.Sealer.Run(ctx, sealEvery); return nil })
	_ = run(ctx) // it has no error: it tries again
}

// every does work again and again. A failure is logged and tried again at the next turn.
func (a *App) every(pause time.Duration, work func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		ticker := time.NewTicker(pause)
		defer ticker.Stop()
		for {
			err := work(ctx)
			if err != nil && ctx.Err() == nil && !errors.Is(err, machinery.ErrNotBuilt) {
				a.Log.WarnContext(ctx, "periodic work was not done; it is tried again", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
		}
	}
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

// jobs are begun by requests, outlive them, and end with the program.
type jobs struct {
	ctx     context.Context //nolint:containedctx // theirs, not that of a call
	cancel  context.CancelFunc
	running *sync.WaitGroup
}

func newJobs(parent context.Context) jobs {
	ctx, cancel := context.WithCancel(context.WithoutCancel(parent))
	return jobs{ctx, cancel, &sync.WaitGroup{}}
}

func (j jobs) begin(job func(context.Context)) { j.running.Go(func() { job(j.ctx) }) }

// stop ends the jobs and waits for them. No request may begin another any more.
func (j jobs) stop() {
	j.cancel()
	j.running.Wait()
}
