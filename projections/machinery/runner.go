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

// Options say what a runner works on. All are needed but those that name a default.
type Options struct {
	Store      eventstore.Store
	Registry   *eventstore.Registry
	Keys       eventstore.Keys
	DB         DB
	Subscriber message.Subscriber // feed.Subscriber: messages carry a Batch, and begin at StartOf
	Tables     []Projection
	Reactors   []Reactor
	Logger     *slog.Logger
	Now        func() time.Time // default time.Now
	LockRetry  time.Duration    // between attempts at a lock that another holds; default 500 ms

	Remember    int // rows kept in memory of each live table; default 4096
	RebuildRows int // rows kept in memory by a rebuild; default 40,000
}

// Runner keeps read models up to date and runs reactors, each with a handler of its own on
// one Watermill router. At any time one process runs a projection or reactor, by lock; were
// there two for a moment, the checkpoint's compare-and-set lets one of them write.
type Runner struct {
	Options
	decoder *decoder
	workers []*worker
	byName  map[string]*worker

	routing  sync.Mutex // Watermill starts every handler that was added, whoever added it
	router   *message.Router
	handlers int // added so far: Watermill panics on a name that it still knows
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
		if err := r.add(p.Name(), &tableWork{runner: r, table: p, intake: in, folder: p.newFolder(o.Remember)}); err != nil {
			return nil, err
		}
	}
	for _, reactor := range o.Reactors {
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

// Prepare notes where reactors begin, and makes the tables if the log is empty. Call it
// before the first command is taken: what happens later, reactors act on.
func (r *Runner) Prepare(ctx context.Context) error {
	head, err := r.Store.Head(ctx)
	if err != nil {
		return fmt.Errorf("prepare the projections: %w", err)
	}
	for _, w := range r.workers {
		if err := w.work.prepare(ctx, head); err != nil {
			return fmt.Errorf("prepare %s: %w", w.name, err)
		}
	}
	return nil
}

// Run prepares, and then works until the context ends. It returns an error only if it could
// not begin; what goes wrong later is in Status, and is tried again. It may run again when
// it has ended, but not twice at once.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.Prepare(ctx); err != nil {
		return err
	}
	router, err := message.NewRouter(message.RouterConfig{CloseTimeout: 10 * time.Second}, routerLog{Logger: r.Logger})
	if err != nil {
		return fmt.Errorf("make the router: %w", err)
	}
	// A router closes when its last handler ends; ours come and go, so one stays until no
	// worker can add another: it must not come while the router closes.
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

// handle subscribes and has every message handled until the context ends; it returns when
// the last handler has.
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

// lent is a subscriber that the router can't close for whoever runs next: subscriptions end
// with their contexts.
type lent struct{ message.Subscriber }

func (lent) Close() error { return nil }

// idle is a subscriber to nothing.
type idle struct{}

func (idle) Subscribe(ctx context.Context, _ string) (<-chan *message.Message, error) {
	none := make(chan *message.Message)
	context.AfterFunc(ctx, func() { close(none) })
	return none, nil
}

func (idle) Close() error { return nil }

// errAgain makes the subscriber deliver a batch again; the reason was noted already.
var errAgain = errors.New("to be delivered again")

// routerLog passes Watermill's errors on to the log, except those that the worker noted.
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
