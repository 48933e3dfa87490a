package app

import (
	"context"
	"time"

	"sleutelbos/internal/pause"
)

// turnEvery is how often a process asks whether it is its turn to do a job.
const turnEvery = 2 * time.Second

// alone does a job that goes on for as long as the program, in one process at a time. When the
// process that does it ends, is frozen or loses its lock, another one takes over. The job's context
// ends with the lock.
func (a *App) alone(name string, job func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		for ctx.Err() == nil {
			lock, ok, err := a.Rows.TryLock(ctx, "job "+name)
			switch {
			case err != nil && ctx.Err() == nil:
				a.Log.WarnContext(ctx, "it is not known whose turn a job is; it is tried again", "job", name, "error", err)
			case ok:
				held, end := context.WithCancel(ctx)
				stop := make(chan struct{})
				go func() {
					select {
					case <-lock.Lost():
						end()
					case <-stop:
					}
				}()
				err := job(held)
				close(stop)
				end()
				lock.Release()
				if err != nil {
					return err
				}
			}
			pause.For(ctx, turnEvery)
		}
		return nil
	}
}
