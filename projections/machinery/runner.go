package machinery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	"github.com/ThreeDotsLabs/watermill/message"

	"sleutelbos/eventstore"
)

// Options say what a runner works on. Those that name a default may be left out.
type Options struct {
	Store      eventstore.Store
	Registry   *eventstore.Registry
	Keys       eventstore.Keys
	DB         DB
	Subscriber message.Subscriber // a feed.Subscriber: its messages carry a Batch and begin after StartOf
	Tables     []Projection
	Reactors   []Reactor
	Logger     *slog.Logger
	Now        func() time.Time // default time.Now
	LockRetry  time.Duration    // between attempts at a lock that another holds; default 500 ms

	// Kept returns how far reactors are known to have come, by their names, for those whose checkpoint
	// is gone. Without it such a reactor counts as new.
	Kept func(ctx context.Context) (map[string]Kept, error)

	// Patience is how long a reactor tries what may go better by itself before it says that it
	// stopped; default 2 minutes.
	Patience time.Duration

	// CountLag is how far a lag is counted; default 100,000. A store that is a server reads what it
	// counts.
	CountLag int64

	Remember      int // rows kept in memory of each live table; default 4096
	RememberBytes int // and their bytes; default 8 MiB
	RebuildRows   int // rows kept in memory by a rebuild; default 40,000
	RebuildBytes  int // and their bytes; default 32 MiB
}

// Runner keeps read models up to date and runs reactors. Each of them has a handler of its own
// on one Watermill router. A lock sees to it that one process at a time runs a projection or
// reactor. Should two of them run it for a moment, only one can write: the checkpoint is moved
// by compare-and-set.
type Runner struct {
	Options
	decoder *decoder
	workers []*worker
	byName  map[string]*worker

	routing  sync.Mutex // guards adding and starting a handler: RunHandlers starts all that were added
	router   *message.Router
	handlers int // how many were added; part of their names, since Watermill panics on a name it still knows
}

// NewRunner checks the options. It returns an error for two projections of one name, or a
// fold of a type that has no stored name.
func NewRunner(o Options) (*Runner, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Remember == 0 {
		o.Remember = 4096
	}
	if o.RebuildRows == 0 {
		o.RebuildRows = 40_000
	}
	if o.CountLag == 0 {
		o.CountLag = 100_000
	}
	if o.RememberBytes == 0 {
		o.RememberBytes = 8 << 20
	}
	if o.RebuildBytes == 0 {
		o.RebuildBytes = 32 << 20
	}
	if o.Patience == 0 {
		o.Patience = 2 * time.Minute
	}
	if o.LockRetry == 0 {
		o.LockRetry = 500 * time.Millisecond
	}
	r := &Runner{Options: o, decoder: newDecoder(o.Registry, o.Keys, 4096), byName: map[string]*worker{}}
	for _, p := range o.Tables {
		names, err := namesOf(o.Registry, p.Name(), p.types())
		if err != nil {
			return nil, err
		}
		in := newIntake(o.Registry, names, p.takesEvery(), false)
		if err := r.add(p.Name(), &tableWork{runner: r, table: p, intake: in, folder: p.newFolder(room{o.Remember, o.RememberBytes})}); err != nil {
			return nil, err
		}
	}
	for _, reactor := range o.Reactors {
		if reactor.Handle == nil || reactor.PassOver == nil {
			return nil, fmt.Errorf("the reactor %s does not say what it does, or where it records what it can't do", reactor.Name)
		}
		for _, name := range reactor.Types {
			if _, ok := o.Registry.TypeOf(name); !ok {
				return nil, fmt.Errorf("the reactor %s acts on %s, which is no stored name", reactor.Name, name)
			}
		}
		in := newIntake(o.Registry, reactor.Types, false, len(reactor.Types) == 0)
		if err := r.add(reactor.Name, &reactorWork{runner: r, reactor: reactor, intake: in}); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *Runner) add(name string, w work) error {
	if _, ok := r.byName[name]; ok {
		return fmt.Errorf("two projections are named %s", name)
	}
	worker := newWorker(r, name, w)
	r.workers = append(r.workers, worker)
	r.byName[name] = worker
	return nil
}

// Prepare stores where new reactors begin, and makes the tables if the log is empty. It must
// be called before the first command is taken, so that reactors act on what that brings.
func (r *Runner) Prepare(ctx context.Context) error {
	begin, err := r.beginnings(ctx)
	if err != nil {
		return fmt.Errorf("prepare the projections: %w", err)
	}
	for _, w := range r.workers {
		if err := w.work.prepare(ctx, begin); err != nil {
			return fmt.Errorf("prepare %s: %w", w.name, err)
		}
	}
	return nil
}

// Run prepares, and then works until the context ends. It returns an error only if it could
// not begin. What goes wrong later is tried again, and can be seen in Status. Run may be
// called again after it has returned, but not twice at the same time.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.Prepare(ctx); err != nil {
		return err
	}
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 10 * time.Second}, routerLog{Logger: r.Logger})
	if err != nil {
		return fmt.Errorf("make the router: %w", err)
	}
	// A router closes when its last handler ends, but our handlers come and go. The idle one
	// keeps the router open until all workers have ended, so that no handler is added while
	// the router closes.
	router.AddConsumerHandler("idle", "idle", idle{}, func(*message.Message) error { return nil })
	ended := make(chan error, 1)
	routing, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	go func() { ended <- router.Run(routing) }()
	select {
	case <-router.Running():
	case err := <-ended:
		return err
	}
	r.router = router
	var all sync.WaitGroup
	for _, w := range r.workers {
		all.Go(func() { w.run(ctx) })
	}
	all.Wait()
	end()
	return <-ended
}

// handle subscribes and lets h handle every message until the context ends. It returns when
// the handler has stopped.
func (r *Runner) handle(ctx context.Context, name string, h message.NoPublishHandlerFunc) error {
	r.routing.Lock()
	r.handlers++
	handler := r.router.AddConsumerHandler(fmt.Sprintf("%s %d", name, r.handlers), name, lent{r.Subscriber}, h)
	err := r.router.RunHandlers(ctx)
	r.routing.Unlock()
	if err != nil {
		return fmt.Errorf("subscribe %s: %w", name, err)
	}
	<-handler.Stopped()
	return nil
}

// lent is a subscriber that the router cannot close, because the next run needs it again.
// Its subscriptions end with their contexts.
type lent struct{ message.Subscriber }

func (lent) Close() error { return nil }

// idle is a subscriber that never delivers a message.
type idle struct{}

func (idle) Subscribe(ctx context.Context, _ string) (<-chan *message.Message, error) {
	none := make(chan *message.Message)
	context.AfterFunc(ctx, func() { close(none) })
	return none, nil
}

func (idle) Close() error { return nil }

// errAgain makes the subscriber deliver a batch again. The worker has logged the reason.
var errAgain = errors.New("to be delivered again")

// routerLog passes Watermill's errors on to the log, except those that a worker has logged.
type routerLog struct {
	watermill.NopLogger
	Logger *slog.Logger
}

func (l routerLog) Error(msg string, err error, fields watermill.LogFields) {
	if !errors.Is(err, errAgain) {
		l.Logger.Error("watermill: "+msg, "handler", fields["handler_name"], "error", err)
	}
}

func (l routerLog) With(watermill.LogFields) watermill.LoggerAdapter { return l }
