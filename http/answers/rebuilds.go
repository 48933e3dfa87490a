package answers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"sleutelbos/domain"
	"sleutelbos/eventstore"
	"sleutelbos/http/problem"
	"sleutelbos/projections/machinery"
)

// Runner keeps the read models up to date; *machinery.Runner is one.
type Runner interface {
	Names() []string
	Status(ctx context.Context) ([]machinery.Status, error)
	WaitFor(ctx context.Context, position eventstore.Position, names ...string) error
	Rebuild(ctx context.Context, name string, progress func(machinery.Progress)) error
}

// Rebuilds begins rebuilds of read models beyond the request that asks for one.
type Rebuilds struct {
	Runner Runner
	// Background runs a job until it is done or the program ends.
	Background func(job func(context.Context))
}

var errProjection = domain.NotFound("projection-not-found", "There is no such projection.")

// firstProgress is how long the first sign of a rebuild is waited for, so that who asked
// for it sees that it runs.
const firstProgress = time.Second

// Begin begins to rebuild a read model. Its progress is in the runner's status, why it
// failed in the log. Errors: a refusal if there is none of that name, if it is a reactor,
// or if its rebuild is under way already.
func (b Rebuilds) Begin(ctx context.Context, name string) error {
	all, err := b.Runner.Status(ctx)
	if err != nil {
		return err
	}
	switch {
	case slices.Contains(b.Runner.Names(), name):
	case slices.ContainsFunc(all, func(s machinery.Status) bool { return s.Name == name && s.Reactor }):
		return problem.New(http.StatusConflict, "reactor-not-rebuilt")
	default:
		return errProjection
	}
	if slices.ContainsFunc(all, func(s machinery.Status) bool { return s.Name == name && s.Rebuilding != nil }) {
		return problem.New(http.StatusConflict, "rebuild-running")
	}
	log := problem.Log(ctx)
	began, ended := make(chan struct{}, 1), make(chan struct{})
	b.Background(func(ctx context.Context) {
		defer close(ended)
		err := b.Runner.Rebuild(ctx, name, func(machinery.Progress) {
			select {
			case began <- struct{}{}:
			default:
			}
		})
		switch {
		case err == nil:
			log.Info("rebuilt", "projection", name)
		case errors.Is(err, context.Canceled), errors.Is(err, machinery.ErrBusy):
			log.Info("not rebuilt", "projection", name, "error", err.Error())
		default:
			log.Error("rebuild failed", "projection", name, "error", err.Error())
		}
	})
	select {
	case <-began:
	case <-ended:
	case <-ctx.Done():
	case <-time.After(firstProgress):
	}
	return nil
}
