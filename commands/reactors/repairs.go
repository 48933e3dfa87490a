package reactors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"sleutelbos/commands/access"
	"sleutelbos/commands/admins"
	"sleutelbos/commands/aggregates"
	"sleutelbos/commands/engine"
	"sleutelbos/commands/licenses"
	"sleutelbos/commands/rights"
	"sleutelbos/eventstore"
	"sleutelbos/internal/failure"
)

const (
	// repairAfter is how long a command has to finish what it began on another stream.
	repairAfter = time.Minute
	// lookBack is how much of the log a new process looks at. What an earlier process left behind is
	// near the end, because that process repaired until shortly before it ended.
	lookBack = 7 * 24 * time.Hour
)

// Repairs remembers what commands began and have not been seen to finish. A new process reads
// that from the end of the log, so it survives any crash.
type Repairs struct {
	access.Access
	Admins   admins.UseCases
	Licenses licenses.UseCases
	Sessions *aggregates.Sessions
	Mails    Mails

	mu       sync.Mutex
	position eventstore.Position
	started  bool
	open     map[string]repair
	sessions map[string]map[string]time.Time // by account, when each open session began; none is older than session.Longest
}

// repair is something to look into once its time, since, has come. Doing it twice does no harm.
type repair struct {
	seen
	do func(ctx context.Context, c *engine.Call) error
}

// Sweep repairs what a crash between two streams left: claims that nobody uses, claims not
// released, administrators who do not agree with their accounts, approved licenses not given,
// and sessions of stopped accounts. It also tries again the mails that failed. It looks at what
// is older than a minute. Run it every few seconds, in one process at a time; a second one does
// no harm but a double mail.
func (r *Repairs) Sweep(ctx context.Context, now time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.watch(ctx); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	errs := []error{r.expireSessions(ctx, now)}
	due := maps.Clone(r.open)
	maps.DeleteFunc(due, func(_ string, repair repair) bool { return now.Before(repair.since) })
	for key, err := range r.doAll(ctx, now, due) {
		repair := due[key]
		if errors.Is(err, engine.ErrNotYet) {
			repair.since = now.Add(repairAfter)
			r.open[key] = repair
			continue
		}
		if failure.Of(err) == failure.Final { // as it would be at every later sweep
			err = r.Engine.PassOver(ctx, engine.UndoneAfter("repair", repair.rec), err)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("repair %s: %w", key, err))
			continue
		}
		delete(r.open, key)
	}
	return errors.Join(errs...)
}

// repairsAtOnce is how many repairs are under way together: a mail server may take its time for each.
const repairsAtOnce = 8

// doAll makes repairs, several at once, and returns how each of them ended.
func (r *Repairs) doAll(ctx context.Context, now time.Time, due map[string]repair) map[string]error {
	var (
		mu    sync.Mutex
		ended = map[string]error{}
		work  errgroup.Group
	)
	work.SetLimit(repairsAtOnce)
	for key, repair := range due {
		work.Go(func() error {
			c, err := r.Engine.Begin(engine.Request{Name: "Repair", Actor: rights.System("repair"), Origin: engine.SystemOrigin, Now: now})
			if err == nil {
				err = repair.do(ctx, c)
			}
			mu.Lock()
			defer mu.Unlock()
			ended[key] = err
			return nil
		})
	}
	_ = work.Wait() // each has its own error
	return ended
}

// watch follows the log from where it was left, the first time from a while before its end.
func (r *Repairs) watch(ctx context.Context) error {
	filter := eventstore.Filter{Types: r.repairTypes()}
	if !r.started {
		r.open, r.sessions = map[string]repair{}, map[string]map[string]time.Time{}
		events, err := r.lastEvents(ctx, filter)
		if err != nil {
			return err
		}
		for _, rec := range events {
			if err := r.take(rec); err != nil {
				return err
			}
		}
		r.started = true
	}
	for rec, err := range r.Engine.Journal().Store.ReadAll(ctx, r.position, eventstore.Forwards, filter) {
		if err != nil {
			return err
		}
		if err := r.take(rec); err != nil {
			return err
		}
	}
	return nil
}

func (r *Repairs) lastEvents(ctx context.Context, filter eventstore.Filter) ([]eventstore.Recorded, error) {
	var events []eventstore.Recorded
	for rec, err := range r.Engine.Journal().Store.ReadAll(ctx, eventstore.End, eventstore.Backwards, filter) {
		if err != nil {
			return nil, err
		}
		if len(events) > 0 && events[0].Created.Sub(rec.Created) > lookBack {
			break
		}
		events = append(events, rec)
	}
	slices.Reverse(events)
	return events, nil
}
