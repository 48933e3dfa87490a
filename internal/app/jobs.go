package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"sleutelbos/http/server"
	"sleutelbos/projections/machinery"
)

// Every is how often a periodic job of the program is done.
type Every time.Duration

// How often the periodic jobs are done.
const (
	deadlinesEvery = Every(5 * time.Second)
	sweepEvery     = Every(time.Minute)
	sealEvery      = Every(time.Hour)
	lookEvery      = Every(time.Hour)
	markEvery      = Every(5 * time.Second)
)

// job is periodic work that knows how it has gone: one that fails for ever is seen by whoever watches
// the program, and not only by whoever reads its log.
type job struct {
	name  string // stable: a label of the metrics
	every Every
	work  func(context.Context) error
	now   func() time.Time
	log   *slog.Logger

	mu       sync.Mutex
	done     time.Time // last success of this process; zero for none
	failing  time.Time // since when it fails without a success; zero while it does not
	failures int       // since the last success
}

// run does the job again and again until the context ends. It never fails: it tries again.
func (j *job) run(ctx context.Context) error {
	ticker := time.NewTicker(time.Duration(j.every))
	defer ticker.Stop()
	for {
		j.try(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (j *job) try(ctx context.Context) {
	err := j.work(ctx)
	if err != nil && (ctx.Err() != nil || errors.Is(err, machinery.ErrNotBuilt)) {
		return // it ends, or its turn comes once the read models are there
	}
	if err != nil {
		j.log.WarnContext(ctx, "periodic work was not done; it is tried again", "job", j.name, "error", err)
	}
	j.note(err)
}

// note keeps how a try went.
func (j *job) note(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err == nil {
		j.done, j.failing, j.failures = j.now(), time.Time{}, 0
		return
	}
	if j.failures++; j.failures == 1 {
		j.failing = j.now()
	}
}

// status returns how the job has gone.
func (j *job) status() server.Job {
	j.mu.Lock()
	defer j.mu.Unlock()
	return server.Job{Name: j.name, Every: time.Duration(j.every), Done: j.done, Failures: j.failures, Failing: j.failing}
}

// lateAfter is how much longer than promised a job may fail before somebody should look: what passes
// by itself has passed by then.
const lateAfter = 5 * time.Minute

// late returns what to tell of a job that has failed for longer than its schedule promises.
func (j *job) late() (server.Trouble, bool) {
	s := j.status()
	if s.Failing.IsZero() || j.now().Sub(s.Failing) < s.Every+lateAfter {
		return server.Trouble{}, false
	}
	return server.Trouble{
		Code: "job-" + j.name, Count: s.Failures,
		What: fmt.Sprintf("The job %q has failed %d times in a row since %s.", j.name, s.Failures, s.Failing.UTC().Format(time.RFC3339)),
		Do:   "The log of the program says why at each try. Mend that; it is tried again by itself.",
	}, true
}

// schedule are the periodic jobs of the program, each of which belongs to a part, see App.work.
type schedule struct {
	deadlines, repairs, keys, mark, seals *job
}

func (s *schedule) all() []*job { return []*job{s.deadlines, s.repairs, s.keys, s.mark, s.seals} }

// newSchedule prepares the jobs of the program.
func (a *App) newSchedule(context.Context, Adjust) error {
	make := func(name string, every Every, work func(context.Context) error) *job {
		return &job{name: name, every: every, work: work, now: a.Now, log: a.Log}
	}
	a.schedule = schedule{
		deadlines: make("deadlines", deadlinesEvery, a.KeepDeadlines),
		repairs: make("repairs", sweepEvery, func(ctx context.Context) error {
			_, err := a.Vault.Sweep(ctx)
			return errors.Join(err, a.Commands.Repairs.Sweep(ctx, a.Now()))
		}),
		keys: make("keys", lookEvery, a.lookAtKeys),
		mark: make("mark", markEvery, a.mark),
		seals: make("seals", sealEvery, func(ctx context.Context) error {
			_, err := a.Sealer.Seal(ctx)
			return err
		}),
	}
	return nil
}

// jobsDone returns how the periodic jobs have gone.
func (a *App) jobsDone() []server.Job {
	var all []server.Job
	for _, j := range a.schedule.all() {
		all = append(all, j.status())
	}
	return all
}

// troubled returns everything that somebody should look into.
func (a *App) troubled() []server.Trouble {
	told := a.troubles.all()
	for _, j := range a.schedule.all() {
		if trouble, late := j.late(); late {
			told = append(told, trouble)
		}
	}
	return told
}
