package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"sleutelbos/domain"
	"sleutelbos/domain/refusal"
	"sleutelbos/eventstore"
)

const (
	queuedRefusals  = 1024            // beyond them a refusal is only counted
	refusalBatch    = 256             // of one append
	refusalPatience = 2 * time.Second // how long a refused asker waits for the record
	countedSources  = 10_000          // strangers' addresses told apart in a minute
)

// refusals writes down who was refused what. One goroutine appends to the month's stream,
// many at a time, so that refusals don't contend; an answer waits for its record but does
// not fail with it. What strangers were refused is counted for each minute and origin, so
// that no stranger can make the log grow.
type refusals struct {
	engine  *Engine
	queue   chan pendingRefusal
	quit    chan struct{}
	ended   chan struct{}
	closing sync.Once

	mu     sync.Mutex
	counts map[source]int
	minute time.Time
}

type pendingRefusal struct {
	event    any
	envelope eventstore.Envelope
	done     chan error
}

// source is what strangers' refusals are summed by.
type source struct{ command, code, channel, address string }

func newRefusals(e *Engine) *refusals {
	r := &refusals{
		engine: e, queue: make(chan pendingRefusal, queuedRefusals), quit: make(chan struct{}), ended: make(chan struct{}),
		counts: map[source]int{},
	}
	go r.run()
	return r
}

func (r *refusals) close() error {
	r.closing.Do(func() { close(r.quit) })
	<-r.ended
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return r.flush(ctx)
}

// note records a refusal of a known asker and counts a stranger's.
func (r *refusals) note(ctx context.Context, c *Call, why *domain.Error) {
	if c.Actor.Kind != eventstore.ActorAccount {
		if c.Actor.Kind == eventstore.ActorStranger {
			r.count(source{c.Name, why.Code, c.Origin.Channel, c.Origin.Address}, c.Now)
		}
		return
	}
	envelope := c.envelope()
	envelope.Outcome, envelope.Reason = eventstore.OutcomeRefused, ""
	c.mu.Lock()
	about := c.about
	c.mu.Unlock()
	p := pendingRefusal{
		event: refusal.Recorded{
			Command: c.Name, Code: why.Code, OrganizationID: about.organization, AccountID: about.account, Stream: about.stream,
		},
		envelope: envelope, done: make(chan error, 1),
	}
	ctx, cancel := context.WithTimeout(ctx, refusalPatience)
	defer cancel()
	select {
	case r.queue <- p:
	default:
		r.count(source{c.Name, why.Code, c.Origin.Channel, c.Origin.Address}, c.Now)
		return
	}
	select {
	case <-p.done: //nolint:errcheck // a failure was logged where it happened
	case <-r.ended:
	case <-ctx.Done():
	}
}

func (r *refusals) count(s source, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.minute.IsZero() {
		r.minute = now.Truncate(time.Minute)
	}
	if _, known := r.counts[s]; !known && len(r.counts) >= countedSources {
		s.address = "" // the rest together
	}
	r.counts[s]++
}

func (r *refusals) run() {
	defer close(r.ended)
	for {
		select {
		case first := <-r.queue:
			r.record(r.gather(first))
		case <-r.quit:
			for {
				select {
				case first := <-r.queue:
					r.record(r.gather(first))
				default:
					return
				}
			}
		}
	}
}

func (r *refusals) gather(first pendingRefusal) []pendingRefusal {
	batch := []pendingRefusal{first}
	for len(batch) < refusalBatch {
		select {
		case p := <-r.queue:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// record appends a batch, month by month.
func (r *refusals) record(batch []pendingRefusal) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for len(batch) > 0 {
		stream, n := streamOf(batch[0]), 1
		for n < len(batch) && streamOf(batch[n]) == stream {
			n++
		}
		err := r.append(ctx, stream, batch[:n])
		if err != nil {
			r.engine.options.Log.ErrorContext(ctx, "refusals could not be recorded", "count", n, "error", err)
		}
		for _, p := range batch[:n] {
			p.done <- err
		}
		batch = batch[n:]
	}
}

func streamOf(p pendingRefusal) string {
	return "refusals-" + p.envelope.OccurredAt.UTC().Format("2006-01")
}

// append writes the part of a batch that belongs to one stream. When another process writes
// there too, it tries again behind that.
func (r *refusals) append(ctx context.Context, stream string, batch []pendingRefusal) error {
	for try := 0; ; try++ {
		first, err := r.engine.options.Journal.TailOf(ctx, stream)
		if err != nil {
			return err
		}
		tail, all := first, make([]eventstore.Record, 0, len(batch))
		for _, p := range batch {
			records, next, err := r.engine.options.Journal.Prepare(ctx, stream, tail, p.envelope, eventstore.Draft{ID: uuid.New(), Event: p.event})
			if err != nil {
				return err
			}
			tail, all = next, append(all, records...)
		}
		_, err = r.engine.write(ctx, appendOf(stream, first, all))
		if conflict := (*eventstore.ConflictError)(nil); err == nil || !errors.As(err, &conflict) || try == 20 {
			return err
		}
	}
}

// flush writes down what strangers were refused since the last time.
func (r *refusals) flush(ctx context.Context) error {
	r.mu.Lock()
	counts, minute := r.counts, r.minute
	r.counts, r.minute = map[source]int{}, time.Time{}
	r.mu.Unlock()
	var batch []pendingRefusal
	for s, n := range counts {
		batch = append(batch, pendingRefusal{
			event: refusal.Summed{Command: s.command, Code: s.code, Count: n, Minute: minute},
			envelope: eventstore.Envelope{
				Actor: eventstore.Actor{Kind: eventstore.ActorStranger}, Origin: eventstore.Origin{Channel: s.channel, Address: s.address},
				Outcome: eventstore.OutcomeRefused, CommandID: uuid.NewString(), OccurredAt: minute,
			},
		})
	}
	for len(batch) > 0 {
		n := min(len(batch), refusalBatch)
		if err := r.append(ctx, streamOf(batch[0]), batch[:n]); err != nil {
			return fmt.Errorf("sum up refusals: %w", err)
		}
		batch = batch[n:]
	}
	return nil
}
